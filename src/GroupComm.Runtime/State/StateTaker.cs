using System;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.State;

/// <summary>The joiner's end of a transfer: bytes arrive as the window allows and wait for the restore, which reads them as a
/// stream. Closing it, at any time, tells the donor that nothing more is wanted.</summary>
internal sealed class StateTaker(StateKey key, IStateWire wire) : IStateEnd
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: StateLimits.Chunk, useSynchronizationContext: false));
    private long _arrived;
    private long _read;
    private StateEnd? _end;
    private bool _ended;

    public StateKey Key => key;

    public NodeId Donor => key.Donor;

    public PipeReader Reader => _pipe.Reader;

    /// <summary>What the donor said at the end; null before it, or when there was none.</summary>
    public StateEnd? End => Volatile.Read(ref _end);

    public bool Received(Message message)
    {
        if (_ended)
            return true; // on its way when this end gave up
        switch (message)
        {
            case StateChunk { Bytes.Length: > 0 } chunk:
                _arrived += chunk.Bytes.Length;
                if (_arrived - Interlocked.Read(ref _read) > StateLimits.Window + StateLimits.Chunk)
                    return false;
                _ = _pipe.Writer.WriteAsync(chunk.Bytes); // no threshold: completes at once
                return true;
            case StateEnd end:
                Volatile.Write(ref _end, end);
                Finish(null);
                return true;
            case StateAbort abort:
                Finish(new CaptureFailedException(abort.Reason));
                return true;
            default:
                return false;
        }
    }

    public void Closed(string why) => Finish(new IOException($"the donor {key.Donor} is gone: {why}"));

    /// <summary>So many bytes were read in all.</summary>
    public void Taken(long bytes)
    {
        Interlocked.Exchange(ref _read, bytes);
        wire.Send(new StateTaken(bytes));
    }

    /// <summary>The joiner has what it needs, or wants it no more.</summary>
    public void Close(string why) => wire.Close(why);

    private void Finish(Exception? error)
    {
        if (_ended)
            return;
        _ended = true;
        _pipe.Writer.Complete(error);
    }
}

/// <summary>The capture at the donor threw: no other donor would do better, the join fails.</summary>
internal sealed class CaptureFailedException(string reason) : Exception(reason);
