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
        _parts.Events.Left();
    }

    private void Exclude(string reason)
    {
        RuntimeLog.Excluded(_parts.Log, _options.Self.Id, reason);
        _over = true;
        EndMembers(new MemberNotice(new Excluded(reason), Ends: GroupStatus.Excluded),
            new JoinException(JoinStep.Admission, $"the node was excluded before the group was joined: {reason}"));
        _parts.Sends.End(() => new ExcludedException(reason));
        _parts.Receipts.End($"excluded: {reason}");
        Desk.End(() => new ExcludedException(reason), $"excluded: {reason}");
        _parts.Events.Excluded(reason);
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
            Exclude($"a rule that must always hold was broken here: {error.Message}");
        }
        finally
        {
            _parts.Events.Broken(error);
        }
    }

    private void Lose()
    {
        RuntimeLog.GroupLost(_parts.Log);
        _parts.Receipts.Lose("the cluster was lost");
        Desk.End(static () => new GroupCommException("the cluster was lost"), "the cluster was lost");
        _parts.Events.PrimaryChanged(false, "the cluster was lost");
        TellAll(new MemberNotice(new GroupLost()));
        EndMembers(new MemberNotice(new Left(), Ends: GroupStatus.Left), new JoinException(JoinStep.Admission, "the cluster was lost"));
        foreach (ViewStreams streams in _streams)
            streams.DropFragments();
        _parts.Groups.Clear();
        _view = null;
    }

    private void Refuse(JoinRefused refused)
    {
        if (refused.Reason == JoinRefusal.StaleIncarnation)
        {
            BeginAgain(refused.Incarnation + 1);
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
        _parts.Events.JoinFailed(step, text);
    }

    private void BeginAgain(long incarnation)
    {
        NodeId self = new(_options.Self.Id.Name, incarnation);
        _options = _options with { Self = _options.Self with { Id = self } };
        RuntimeLog.NewIncarnation(_parts.Log, self);
        _core = Begin(_options);
        _parts.Trace?.Restart(self);
        _parts.Events.Restarted(self);
        _parts.Links.ChangeIdentity(self);
        // The new core must hear of those who wait for their first view; its effects come with the next turn.
        EffectList later = new();
        foreach (Member member in _joining.Values.OrderBy(member => member.Slot))
            _core.ChangeGroup(member.JoinChange, later);
        Invariant.Holds(later.Count == 0, "VS-3", "a core without a view acted on a group");
    }

    private void EndMembers(MemberNotice notice, JoinException refusal)
    {
        TellAll(notice);
        foreach (Member member in _members.Values)
            member.Handle.Entry?.Local.Remove(member);
        _members.Clear();
        foreach (Member member in _joining.Values)
            member.Refuse(refusal);
        _joining.Clear();
    }
}
