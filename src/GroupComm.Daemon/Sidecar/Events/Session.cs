using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Daemon.Sidecar.Events;

/// <summary>
/// A client's membership: outlives its stream by a grace period, so that a client that comes back misses nothing. Writes what its
/// member is delivered into the log of the group, unless another member of this daemon was faster.
/// </summary>
internal sealed class Session(string group, string name, GroupLog log) : IMemberObserver
{
    private readonly Lock _lock = new();
    private readonly SortedList<long, LogKey> _begins = []; // per life of the node, the member's first view in it
    private LogKey _at;
    private readonly TaskCompletionSource _firstView = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GroupView? _latest;
    private long _sent;

    public string Group => group;

    public string Name => name;

    public GroupLog Log => log;

    /// <summary>The membership; null while it is being joined.</summary>
    public IGroup? Member { get; set; }

    /// <summary>The stream that is open; null in the grace period. Changed under the lock of the table.</summary>
    public OpenStream? Stream { get; set; }

    /// <summary>When the grace period ends, in milliseconds of the environment's clock. Never before the first stream was open.</summary>
    public long GraceEnds { get; set; } = long.MaxValue;

    public TimeSpan Grace { get; set; }

    /// <summary>Completes when the member's first view has its place.</summary>
    public Task FirstView => _firstView.Task;

    /// <summary>Index after the last event that any stream of the client was sent.</summary>
    public long Sent
    {
        get
        {
            lock (_lock)
                return _sent;
        }
    }

    public void SentUpTo(long next)
    {
        lock (_lock)
            _sent = Math.Max(_sent, next);
    }

    /// <summary>The member has ended: left, removed, or the node is gone.</summary>
    public bool Ended { get; private set; }

    /// <summary>The latest view of the member, and the id of its event.</summary>
    public (GroupView View, string Id)? Latest
    {
        get
        {
            lock (_lock)
                return _latest is { } view ? (view, new LogKey(0, view.Id, 0, 0).Id) : null;
        }
    }

    /// <summary>Takes the latest view as the first event of a new stream; the index after it. What was written of that view
    /// meanwhile is still in the log, and follows.</summary>
    public long Begin()
    {
        (GroupView view, _) = Latest!.Value;
        FirstEvent = view;
        long next = log.After(view.Id, 0);
        next = next < 0 ? log.End : next;
        SentUpTo(next);
        return next;
    }

    /// <summary>The view with which the client began.</summary>
    public GroupView? FirstEvent { get; private set; }

    /// <summary>Whether an event of the log is for this member: not what others were delivered before it was (back) in the group.
    /// Null: it is not known yet.</summary>
    public bool? Concerns(LogKey key)
    {
        lock (_lock)
            return _begins.TryGetValue(key.Life, out LogKey begin) ? key.CompareTo(begin) >= 0
                : _begins.Count > 0 && key.Life < _begins.Keys[0] ? false
                : Ended ? false : null;
    }

    ValueTask IMemberObserver.Message(in ReadOnlySequence<byte> payload, MessageContext context, string? typeId, CancellationToken ct)
    {
        lock (_lock)
            _at = _at with { Position = context.Position, Notice = 0 };
        log.Append(_at, new MessageContent(payload, context, typeId), Frames.Message);
        return default;
    }

    void IMemberObserver.Notice(GroupEvent notice, NodeId node)
    {
        bool newLife = false;
        lock (_lock)
        {
            if (notice is ViewInstalled installed)
            {
                _at = new LogKey(node.Incarnation, installed.View.Id, 0, 0);
                _latest = installed.View;
                newLife = _begins.TryAdd(node.Incarnation, _at);
                if (_begins.Count > 4)
                    _begins.RemoveAt(0);
            }
            else
            {
                _at = _at with { Notice = _at.Notice + 1 };
            }
            Ended |= notice is Left;
        }
        // That one member has left is no news of the group's.
        if (notice is Left)
            log.Wake();
        else
            log.Append(_at, notice, Frames.Notice);
        _firstView.TrySetResult();
        if (newLife)
            log.Wake(); // streams that did not know whether what others had written concerns them
    }
}
