using System;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Turn;

// The ends of a core: it left, was excluded, was not admitted, lost its cluster, or broke.
internal partial class NodeTurn
{
    private void Leave()
    {
        RuntimeLog.Left(_parts.Log, _options.Self.Id);
        // A leaver delivers the whole cut, and all that it sent is in it.
        if (_view is not null)
            _parts.Receipts.Install(_view.Key.Id + 1);
        EndMembers(new MemberNotice(new Left(), Ends: GroupStatus.Left),
            new JoinException(JoinStep.Admission, "the node left before the group was joined"));
        _parts.Sends.End(static () => new ViewClosedException("this node has left the cluster; the message was not sent"));
        _parts.Receipts.End("left");
        Desk.End(static () => new GroupCommException("this node has left the cluster"), "left");
        _told.Add(static events => events.Left());
    }

    private void Exclude(string reason)
    {
        RuntimeLog.Excluded(_parts.Log, _options.Self.Id, reason);
        if (MayReturn && reason != Departure.NewIncarnation)
            Return(new Excluded(reason), GroupStatus.Excluded, $"excluded: {reason}");
        else
            ExcludeForGood(reason);
    }

    private void ExcludeForGood(string reason)
    {
        _over = true;
        EndMembers(new MemberNotice(new Excluded(reason), Ends: GroupStatus.Excluded),
            new JoinException(JoinStep.Admission, $"the node was excluded before the group was joined: {reason}"));
        _parts.Sends.End(() => new ExcludedException(reason));
        _parts.Receipts.End($"excluded: {reason}");
        Desk.End(() => new ExcludedException(reason), $"excluded: {reason}");
        _told.Add(events => events.Excluded(reason));
    }

    /// <summary>Stops everything, from outside: the node ends without the core's consent.</summary>
    public void Abandon(string reason)
    {
        if (_over)
            return;
        _over = true;
        EndMembers(new MemberNotice(new Left(), Ends: GroupStatus.Left), new JoinException(JoinStep.Admission, $"the node stopped first: {reason}"));
        _parts.Sends.End(() => new ViewClosedException($"this node stopped ({reason}); the message was not sent"));
        _parts.Receipts.End(reason);
        Desk.End(() => new GroupCommException($"this node stopped ({reason})"), reason);
    }

    private void Break(Exception error)
    {
        RuntimeLog.Broken(_parts.Log, error, _options.Self.Id);
        if (_over)
            return;
        try
        {
            ExcludeForGood($"a rule that must always hold was broken here: {error.Message}");
        }
        finally
        {
            _told.Add(events => events.Broken(error));
        }
    }

    private void Lose()
    {
        const string Reason = "no quorum of the last view can ever answer";
        RuntimeLog.GroupLost(_parts.Log);
        if (MayReturn)
        {
            Return(new GroupLost(), GroupStatus.Joining, $"the cluster was lost: {Reason}");
            return;
        }
        TellAll(new MemberNotice(new GroupLost()));
        ExcludeForGood($"the cluster was lost: {Reason}");
    }

    private void Refuse(JoinRefused refused)
    {
        if (refused.Reason == JoinRefusal.StaleIncarnation)
        {
            BeginAgain(refused.Incarnation + 1, _parts.Sends.Away);
            return;
        }
        if (refused.Reason == JoinRefusal.NameInUse && _options.Returns)
        {
            RuntimeLog.Excluded(_parts.Log, _options.Self.Id, Departure.NewIncarnation);
            ExcludeForGood(Departure.NewIncarnation);
            return;
        }
        (JoinStep step, string text) = refused.Reason switch
        {
            JoinRefusal.NameInUse => (JoinStep.NameInUse,
                $"another live node is named '{_options.Self.Id.Name}'; start this one under another name, or stop the other first"),
            JoinRefusal.ClusterEnded => (JoinStep.Admission, "all members of the cluster left; start again to found it anew"),
            JoinRefusal.Version => (JoinStep.Version, "the cluster speaks other versions; update this node or the cluster"),
            _ => throw new InvalidOperationException($"unknown refusal {refused.Reason}"),
        };
        RuntimeLog.JoinFailed(_parts.Log, _options.Self.Id, step, text);
        _over = true;
        EndMembers(new MemberNotice(new Left(), Ends: GroupStatus.Left), new JoinException(step, text));
        _parts.Sends.End(() => new JoinException(step, text));
        _parts.Receipts.End(text);
        Desk.End(() => new JoinException(step, text), text);
        _told.Add(events => events.JoinFailed(step, text));
    }

    private void EndMembers(MemberNotice notice, JoinException refusal)
    {
        TellAll(notice);
        foreach (Member member in _members.Values)
            member.Handle.Entry?.Local.Remove(member);
        _members.Clear();
        foreach (Member member in _joining.Values)
            Refuse(member, notice, refusal);
        _joining.Clear();
    }
}
