using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Gateway;

/// <summary>A client's state on its way out of it or into it. Each transfer has a number; what comes for one that is over is dropped.</summary>
internal sealed class StateTransfers(Outbox outbox)
{
    private const int PartSize = 64 << 10;

    private readonly ConcurrentDictionary<long, Transfer> _open = new();
    private long _last;

    private sealed record Transfer(Stream? To, TaskCompletionSource Done, CancellationToken Given);

    /// <summary>The client's state at this place in its events.</summary>
    public async Task CaptureAsync(Stream to, CancellationToken ct)
    {
        (long number, Transfer transfer) = Begin(FrameKind.Capture, to, ct);
        await EndAsync(number, transfer).ConfigureAwait(false);
    }

    /// <summary>Has the client take a state before anything that follows.</summary>
    public async Task RestoreAsync(Stream from, CancellationToken ct)
    {
        (long number, Transfer transfer) = Begin(FrameKind.Restore, null, ct);
        try
        {
            byte[] buffer = new byte[PartSize];
            int read;
            while ((read = await from.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
                await outbox.EventAsync(new Part(number, buffer.AsMemory(0, read)), ct, evenAway: true).ConfigureAwait(false);
            outbox.Event(new End(number, null));
        }
        catch
        {
            _open.TryRemove(number, out _);
            outbox.Event(new Numbered(FrameKind.Cancel, number));
            throw;
        }
        await EndAsync(number, transfer).ConfigureAwait(false);
    }

    public async Task PartAsync(Part part)
    {
        if (!_open.TryGetValue(part.Transfer, out Transfer? transfer) || transfer.To is not { } to)
            return;
        try
        {
            await to.WriteAsync(part.Bytes, transfer.Given).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            transfer.Done.TrySetException(error);
        }
    }

    public void End(End end)
    {
        if (!_open.TryGetValue(end.Transfer, out Transfer? transfer))
            return;
        if (end.Error is { } error)
            transfer.Done.TrySetException(new ClientException(error));
        else
            transfer.Done.TrySetResult();
    }

    private (long Number, Transfer Transfer) Begin(FrameKind kind, Stream? to, CancellationToken ct)
    {
        long number = Interlocked.Increment(ref _last);
        Transfer transfer = new(to, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), ct);
        _open[number] = transfer;
        outbox.Event(new Numbered(kind, number));
        return (number, transfer);
    }

    private async Task EndAsync(long number, Transfer transfer)
    {
        try
        {
            await transfer.Done.Task.WaitAsync(transfer.Given).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not ClientException)
        {
            outbox.Event(new Numbered(FrameKind.Cancel, number));
            throw;
        }
        finally
        {
            _open.TryRemove(number, out _);
        }
    }
}
