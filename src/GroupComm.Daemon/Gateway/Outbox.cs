using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Gateway;

/// <summary>
/// What a session has for its client: answers go at once, events while the client's window is open. What was sent is kept until
/// the client has acknowledged it, and sent again after a cut. Invariant: frames get their numbers in the order in which
/// they are first taken, so the client's count and this one agree.
/// </summary>
internal sealed class Outbox(int window)
{
    /// <summary>What may wait for a client that is cut.</summary>
    public const int MostFrames = 16_384;

    public const long MostBytes = 8 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _answers = new();
    private readonly Queue<byte[]> _events = new();
    private readonly Queue<byte[]> _again = new();
    private readonly Queue<byte[]> _unacknowledged = new();
    private long _unacknowledgedBytes;
    private long _eventBytes;
    private long _acknowledged;
    private GatewayConnection? _to;
    private TaskCompletionSource? _room;
    private bool _closed;

    /// <summary>More waits than is kept for a client that is away.</summary>
    public bool Overflows
    {
        get
        {
            lock (_lock)
                return _to is null && (_events.Count + _answers.Count + _unacknowledged.Count > MostFrames || _eventBytes + _unacknowledgedBytes > MostBytes);
        }
    }

    public void Answer(GatewayFrame frame) => Add(_answers, FrameEncoder.Encode(frame));

    public void Event(GatewayFrame frame) => Add(_events, FrameEncoder.Encode(frame));

    /// <summary>Completes when the next event may come: at once while the window has room, or while the client is away unless
    /// <paramref name="evenAway"/>.</summary>
    public ValueTask EventAsync(GatewayFrame frame, CancellationToken ct, bool evenAway = false)
    {
        Event(frame);
        return HasRoom(evenAway, out _) ? default : WaitAsync(evenAway, ct);
    }

    /// <summary>The next frame to be written; false when nothing may be sent now.</summary>
    public bool TryTake(GatewayConnection by, out byte[] frame)
    {
        lock (_lock)
        {
            frame = null!;
            if (_to != by)
                return false;
            if (_again.TryDequeue(out frame!))
                return true;
            if (!_answers.TryDequeue(out frame!))
            {
                if (_unacknowledgedBytes >= window || !_events.TryDequeue(out frame!))
                    return false;
                _eventBytes -= frame.Length;
            }
            _unacknowledged.Enqueue(frame);
            _unacknowledgedBytes += frame.Length;
            return true;
        }
    }

    /// <summary>A connection takes over: what the client has not received is sent again.</summary>
    /// <returns>False when the client cannot have received so many.</returns>
    public bool Attach(long received, GatewayConnection connection)
    {
        lock (_lock)
        {
            long number = _acknowledged;
            if (received < number || received > number + _unacknowledged.Count)
                return false;
            _again.Clear();
            foreach (byte[] frame in _unacknowledged)
                if (++number > received)
                    _again.Enqueue(frame); // the others wait for their acknowledgement only
            _to = connection;
            return true;
        }
    }

    /// <summary>The client is away: nobody waits for its window.</summary>
    public void Detach()
    {
        lock (_lock)
            _to = null;
        MakeRoom();
    }

    /// <returns>False when so many were not sent, or fewer than before.</returns>
    public bool Acknowledge(GatewayConnection by, long count)
    {
        lock (_lock)
        {
            if (_to != by)
                return true; // another one has taken over
            // What is to be sent again has not reached the client on this connection.
            if (count < _acknowledged || count > _acknowledged + _unacknowledged.Count - _again.Count || !Drop(count))
                return false;
        }
        by.Wake();
        MakeRoom();
        return true;
    }

    /// <summary>The session is over.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
        MakeRoom();
    }

    private bool Drop(long count)
    {
        if (count < _acknowledged || count > _acknowledged + _unacknowledged.Count)
            return false;
        for (; _acknowledged < count; _acknowledged++)
            _unacknowledgedBytes -= _unacknowledged.Dequeue().Length;
        return true;
    }

    private void Add(Queue<byte[]> queue, byte[] frame)
    {
        GatewayConnection? to;
        lock (_lock)
        {
            if (_closed)
                return;
            queue.Enqueue(frame);
            if (queue == _events)
                _eventBytes += frame.Length;
            to = _to;
        }
        to?.Wake();
    }

    private bool HasRoom(bool evenAway, out Task room)
    {
        lock (_lock)
        {
            room = Task.CompletedTask;
            if (_closed || (_to is null && !evenAway) || _eventBytes + _unacknowledgedBytes < window)
                return true;
            room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return false;
        }
    }

    private async ValueTask WaitAsync(bool evenAway, CancellationToken ct)
    {
        while (!HasRoom(evenAway, out Task room))
            await room.WaitAsync(ct).ConfigureAwait(false);
    }

    private void MakeRoom()
    {
        TaskCompletionSource? room;
        lock (_lock)
            (room, _room) = (_room, null);
        room?.TrySetResult();
    }
}
