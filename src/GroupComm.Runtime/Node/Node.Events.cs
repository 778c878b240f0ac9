using System;
using System.Collections.Generic;
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
    private long _unhandledRuns;
    private string _lastWaiting = "";

    /// <summary>Handlers that threw.</summary>
    public long HandlerFailures => Interlocked.Read(ref _handlerFailures);

    /// <summary>Messages without a handler for their type, and messages that could not be read.</summary>
    public long Unhandled => Interlocked.Read(ref _unhandled);

    /// <summary>Turns taken so far.</summary>
    public long Turns => _turn.Turns;

    /// <summary>What the node waits for, in one line.</summary>
    public string Waiting => Volatile.Read(ref _lastWaiting);

    void ITurnEvents.ViewInstalled(View view)
    {
        _views.Publish(view);
        _primary.Set(true);
    }

    void ITurnEvents.PrimaryChanged(bool primary, string reason) => _primary.Set(primary);

    void ITurnEvents.Waiting(string text)
    {
        IReadOnlyList<string> failures = Links.Dialer.Failures();
        string line = failures.Count == 0 ? text : $"{text}; {string.Join("; ", failures)}";
        Volatile.Write(ref _lastWaiting, line);
        RuntimeLog.Waiting(_log, line);
    }

    void ITurnEvents.JoinFailed(JoinStep step, string text) => FailForGood(() => new JoinException(step, text));

    void ITurnEvents.Excluded(string reason) => FailForGood(() => new ExcludedException(reason));

    void ITurnEvents.Left()
    {
        _primary.Fail(() => new GroupCommException("this node has left the cluster"));
        _left.TrySetResult();
    }

    void ITurnEvents.Finished() => _finished.TrySetResult();

    void ITurnEvents.Broken(Exception error) => CloseLinks("this node broke");

    void ITurnEvents.Restarted(NodeId self) => Volatile.Write(ref _self, new Identity(self));

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
        _ = Links.Dialer.StopAsync();
        CloseLinks("this node is no longer in the cluster");
    }

    private void CloseLinks(string why)
    {
        foreach (PeerLink link in Links.Table.All)
            link.Link.Close(new CloseReason(CloseKind.Local, why));
    }
}
