using System.Collections.Generic;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Sessions;

/// <summary>
/// What this side sent and the daemon has not acknowledged, in order: first what went out over the present connection, then what
/// has yet to. After a cut the daemon says how much it has, and what follows goes out again. Used under the session's lock.
/// </summary>
internal sealed class KeptFrames
{
    private Queue<byte[]> _sent = new();
    private Queue<byte[]> _unsent = new();
    private long _dropped;

    /// <summary>Of all kept frames: what the window is compared with.</summary>
    public long Bytes { get; private set; }

    public bool HasUnsent => _unsent.Count > 0;

    public void Add(byte[] frame)
    {
        _unsent.Enqueue(frame);
        Bytes += frame.Length;
    }

    /// <summary>Moves frames to those that were sent, about that many bytes.</summary>
    public void Take(List<byte[]> into, int bytes)
    {
        while (bytes > 0 && _unsent.TryDequeue(out byte[]? frame))
        {
            _sent.Enqueue(frame);
            into.Add(frame);
            bytes -= frame.Length;
        }
    }

    /// <summary>The daemon has handled so many since the session began.</summary>
    public void Acknowledge(long count)
    {
        if (count < _dropped || count > _dropped + _sent.Count)
            throw new BadFrameException($"{count} frames are acknowledged, {_dropped + _sent.Count} were sent");
        for (; _dropped < count; _dropped++)
            Bytes -= _sent.Dequeue().Length;
    }

    /// <summary>A new connection of the same session: the daemon has received so many.</summary>
    public void Resume(long received)
    {
        if (received < _dropped || received > _dropped + _sent.Count)
            throw new BadFrameException($"{received} frames were received, {_dropped + _sent.Count} were sent");
        Queue<byte[]> sent = new(), unsent = new();
        long number = _dropped;
        foreach (byte[] frame in _sent)
            (number++ < received ? sent : unsent).Enqueue(frame);
        foreach (byte[] frame in _unsent)
            unsent.Enqueue(frame);
        (_sent, _unsent) = (sent, unsent);
    }

    /// <summary>The session is a new one.</summary>
    public void Clear()
    {
        _sent.Clear();
        _unsent.Clear();
        (_dropped, Bytes) = (0, 0);
    }
}
