using System;
using System.Threading;
using GroupComm.Core;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Turn;
using GroupComm.Transport;

namespace GroupComm.Runtime.Node;

// What turns, links and members tell the node.
internal partial class Node : ITurnEvents, ILinkEvents
{
    private long _handlerFailures;
    private long _unhandled;
    private long _slowConsumers;
    private long _unhandledRuns;

    /// <summary>Handlers that threw.</summary>
    public long HandlerFailures => Interlocked.Read(ref _handlerFailures);

    /// <summary>Messages without a handler for their type, and messages that could not be read.</summary>
    public long Unhandled => Interlocked.Read(ref _unhandled);

    /// <summary>Times that a member was found standing still: reported or removed.</summary>
    public long SlowConsumers => Interlocked.Read(ref _slowConsumers);

    /// <summary>Own bytes that the slowest member has not consumed.</summary>
    public long Unconsumed => Sends.Unconsumed;

    /// <summary>Turns taken so far.</summary>
    public long Turns => _turn.Turns;

    void ITurnEvents.ViewInstalled(View view)
    {
        _views.Publish(view);
        _doctor.Joined(); // first, so that whoever is woken is not told the past
        _primary.Set(true);
    }

    void ITurnEvents.PrimaryChanged(bool primary, string reason)
    {
        if (primary)
            _doctor.Joined();
        else
            _doctor.Lost(reason);
        _primary.Set(primary);
    }

    void ITurnEvents.Waiting(string text) => _doctor.Waits(text);

    void ITurnEvents.JoinFailed(JoinStep step, string text) => FailForGood(() => new JoinException(step, text));

    void ITurnEvents.Away(string reason)
    {
        _doctor.Lost(reason);
        _primary.Set(false);
    }

    void ITurnEvents.Excluded(string reason) => FailForGood(() => new ExcludedException(reason));

    void ITurnEvents.Left()
    {
        _primary.Fail(() => new GroupCommException("this node has left the cluster"));
        _left.TrySetResult();
    }

    void ITurnEvents.Finished() => _finished.TrySetResult();

    void ITurnEvents.Broken(Exception error) => CloseLinks("this node broke");

    void ITurnEvents.Restarted(NodeId self) => Volatile.Write(ref _self, new Identity(self));

    void ITurnEvents.SlowConsumer(Member member, double seconds, bool removed)
    {
        Interlocked.Increment(ref _slowConsumers);
        if (removed)
            RuntimeLog.SlowConsumerRemoved(_log, member.Name, member.Handle.Name, seconds);
        else
            RuntimeLog.SlowConsumer(_log, member.Name, member.Handle.Name, seconds, member.Options.SlowConsumerQueueLimit);
    }

    void ILinkEvents.Received(FrameBatch batch, PeerLink reader) => _loop.Bring(batch, new TurnSource(reader, MayPump: true));

    void ILinkEvents.LinkUp(NodeId peer) =>
        _loop.Bring(new CallInput((core, now, effects) => core.LinkUp(peer, now, effects)), TurnSource.Borrowed);

    void ILinkEvents.LinkDown(NodeId peer, bool gone, string reason) => _loop.Bring(
        new CallInput((core, now, effects) =>
        {
            if (Links.Table.Find(peer) is null)
                core.LinkDown(peer, gone, reason, now, effects);
        }),
        TurnSource.Borrowed);

    void ILinkEvents.JoinFailed(JoinStep step, string text)
    {
        if (View is not null)
            return;
        RuntimeLog.JoinFailed(_log, Id, step, text);
        FailForGood(() => new JoinException(step, text));
        _loop.Leave(new CallInput((_, _, _) => _turn.Abandon(text)));
    }

    void IMemberOwner.Handled(long bytes, bool atOnce)
    {
        if (_handled.Add(bytes, atOnce))
            _loop.TakeTurn(TurnSource.OneTurnOnly);
    }

    void IMemberOwner.HandlerFailed(Member member, Exception error)
    {
        Interlocked.Increment(ref _handlerFailures);
        Volatile.Write(ref _lastFailure, new HandlerFailure($"{error.GetType().Name} in a handler of group '{member.Handle.Name}': {error.Message}", Clock.Now));
        RuntimeLog.HandlerFailed(_log, error, member.Name, member.Handle.Name, member.Options.HandlerFailurePolicy);
    }

    void IMemberOwner.Unhandled(Member member, string? typeId, int messages, Exception? error)
    {
        Interlocked.Add(ref _unhandled, messages);
        if (Interlocked.Increment(ref _unhandledRuns) <= LoggedUnhandled)
            RuntimeLog.Unhandled(_log, member.Name, member.Handle.Name, typeId ?? "(bytes)", error?.Message ?? "no handler is registered for it");
    }

    // Beyond that the counter tells.
    private const long LoggedUnhandled = 100;

    private void FailForGood(Func<Exception> failure)
    {
        _primary.Fail(failure);
        _left.TrySetResult();
        _finished.TrySetResult();
        _ = Discovery?.StopAsync();
        _ = Links.Dialer.StopAsync();
        CloseLinks("this node is no longer in the cluster");
    }

    private void CloseLinks(string why)
    {
        foreach (PeerLink link in Links.Table.All)
            link.Link.Close(new CloseReason(CloseKind.Local, why));
    }
}
