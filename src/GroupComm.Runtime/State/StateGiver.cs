using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.State;

/// <summary>
/// The donor's end of a transfer. The capture writes into a pipe that holds little; behind it the bytes leave as the joiner
/// reads them. If the joiner is gone, wants no more, or takes nothing for the time limit, the capture's next write throws.
/// </summary>
internal sealed class StateGiver : IStateEnd
{
    private readonly StateKey _key;
    private readonly TimeSpan _limit;
    private readonly CancellationToken _stop;
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: StateLimits.Window, resumeWriterThreshold: StateLimits.Window / 2, minimumSegmentSize: StateLimits.Chunk, useSynchronizationContext: false));
    private readonly SemaphoreSlim _moved = new(0);
    private readonly CancellationTokenSource _closed;
    private string _why = "";
    private long _sent;
    private long _taken;
    private bool _lost;

    public StateGiver(StateKey key, TimeSpan limit, CancellationToken stop)
    {
        (_key, _limit, _stop) = (key, limit, stop);
        _closed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Stream = new StateWriteStream(_pipe.Writer.AsStream(leaveOpen: true));
    }

    /// <summary>What the capture writes to.</summary>
    public StateWriteStream Stream { get; }

    /// <summary>The joiner cannot be served; it will ask again, or is gone.</summary>
    public bool Lost { get => Volatile.Read(ref _lost); private set => Volatile.Write(ref _lost, value); }

    public bool Received(Message message)
    {
        if (message is not StateTaken taken || taken.Bytes > Interlocked.Read(ref _sent))
            return false;
        Interlocked.Exchange(ref _taken, taken.Bytes);
        _moved.Release();
        return true;
    }

    public void Closed(string why)
    {
        if (_why.Length == 0)
            _why = why;
        _closed.Cancel();
    }

    /// <summary>The capture wrote all.</summary>
    public void Complete() => _pipe.Writer.Complete();

    /// <summary>The capture threw: the joiner is told.</summary>
    public void Abort(Exception error) => _pipe.Writer.Complete(new CaptureFailedException(error.Message));

    /// <summary>The donor goes: the joiner finds another.</summary>
    public void GiveUp() => Closed("the donor leaves");

    /// <summary>Carries the bytes to the joiner; ends when it has closed its end. Throws what kept it from that.</summary>
    public async Task CarryAsync(Func<CancellationToken, Task<IStateWire>> connect)
    {
        IStateWire? wire = null;
        try
        {
            wire = await connect(_closed.Token).ConfigureAwait(false);
            wire.Send(new StateOpen(_key.Group, _key.Slot, _key.Point));
            await CarryAsync(wire).ConfigureAwait(false);
            await WaitForCloseAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Lost = true;
            Exception told = error is OperationCanceledException && _why.Length > 0 ? new IOException($"the joiner is gone or wants no state: {_why}", error) : error;
            await _pipe.Reader.CompleteAsync(told is IOException ? told : new IOException($"the joiner cannot be reached: {told.Message}", told)).ConfigureAwait(false);
            throw told;
        }
        finally
        {
            wire?.Close("the transfer is over");
        }
    }

    private async Task CarryAsync(IStateWire wire)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _pipe.Reader.ReadAsync(_closed.Token).ConfigureAwait(false);
            }
            catch (CaptureFailedException failed)
            {
                wire.Send(new StateAbort(failed.Message));
                return;
            }
            ReadOnlySequence<byte> rest = read.Buffer;
            while (!rest.IsEmpty)
            {
                ReadOnlySequence<byte> chunk = rest.Slice(0, Math.Min(rest.Length, StateLimits.Chunk));
                await WaitForWindowAsync((int)chunk.Length).ConfigureAwait(false);
                Interlocked.Add(ref _sent, chunk.Length);
                byte[] bytes = GC.AllocateUninitializedArray<byte>((int)chunk.Length);
                chunk.CopyTo(bytes);
                wire.Send(new StateChunk(bytes));
                rest = rest.Slice(chunk.End);
            }
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted)
                continue;
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
            wire.Send(new StateEnd(Stream.Written, Stream.Digest));
            return;
        }
    }

    private async Task WaitForWindowAsync(int size)
    {
        while (Interlocked.Read(ref _sent) - Interlocked.Read(ref _taken) + size > StateLimits.Window)
            if (!await _moved.WaitAsync(_limit, _closed.Token).ConfigureAwait(false))
                throw new TimeoutException($"it took nothing for {_limit.TotalSeconds:0.#} s");
    }

    /// <summary>The joiner closes when it has read the end; until then it may be at work.</summary>
    private async Task WaitForCloseAsync()
    {
        try
        {
            while (await _moved.WaitAsync(_limit, _closed.Token).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // It has closed.
        }
    }
}
