using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Testing.Kit;

// What the core tells, on its way into the members' queues. User code runs later, never inside a turn.
internal sealed partial class KitProcess
{
    private readonly Dictionary<int, LocalGroup> _groups = []; // lookup only
    private byte[]?[] _partial = [];

    /// <summary>A group as this node knows it.</summary>
    private sealed class LocalGroup
    {
        public LocalGroupView View { get; set; } = null!;

        public long Position { get; set; }

        public KitMember? Member { get; set; }
    }

    public void Carries(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Deliver:
                Deliver(effect);
                break;
            case EffectKind.ViewInstalled:
                var installed = (InstalledView)effect.Subject!;
                _partial = new byte[]?[installed.Members.Count];
                Later(0, () => Install(installed));
                break;
            case EffectKind.Transitional:
                foreach (KitMember member in Members)
                    if (member.View is { } view)
                        Notice(member, new Transitional(view.View.Id));
                break;
            case EffectKind.Safe:
                long safe = effect.Number;
                Later(0, () => Sends.Receipts.Safe(safe));
                break;
            case EffectKind.Delivered:
                long delivered = effect.Number;
                Later(0, () => Sends.Receipts.Delivered(delivered));
                break;
            case EffectKind.ReadReady:
                long read = effect.Number;
                Later(0, () => ServeReads(read, null));
                break;
            case EffectKind.ReadRefused:
                (long refused, string why) = (effect.Number, effect.Text);
                Later(0, () => ServeReads(refused, why));
                break;
            case EffectKind.PrimaryLost:
                NoticeAll(new PrimaryLost(effect.Text));
                break;
            case EffectKind.PrimaryRegained:
                NoticeAll(new PrimaryRegained());
                Later(0, BePrimary);
                break;
            case EffectKind.Excluded:
                EndLife(GroupStatus.Excluded, new Excluded(effect.Text), $"excluded ({effect.Text}); the node joins again");
                break;
            case EffectKind.GroupLost:
                EndLife(GroupStatus.Joining, new GroupLost(), "the cluster was lost; the node begins again");
                break;
            case EffectKind.GroupRefused:
                var refusal = (GroupRefusal)effect.Subject!;
                Later(0, () => Refuse(refusal));
                break;
            case EffectKind.Left:
                Leave();
                Later(0, EndAll);
                break;
        }
    }

    /// <summary>Another life begins in this process: its members will be joined again.</summary>
    public void Return()
    {
        NodeId id = Node.Id;
        Name = $"{id}";
        _groups.Clear();
        Later(0, () => Sends.Receipts.Begin(id));
    }

    private void EndLife(GroupStatus away, GroupEvent why, string reason)
    {
        Sends.Away = reason; // at once: handlers of what was delivered before may still send
        Later(0, () =>
        {
            Sends.Receipts.Lose(reason);
            ServeReads(long.MaxValue, reason);
            foreach (KitMember member in Members)
                member.Away = away;
        });
        NoticeAll(why);
    }

    private void NoticeAll(GroupEvent what)
    {
        foreach (KitMember member in Members)
            if (member.View is not null)
                Notice(member, what);
    }

    private void Notice(KitMember member, GroupEvent what, GroupStatus? ends = null) => member.Push(new KitNotice(what, ends));

    private void Refuse(GroupRefusal refusal)
    {
        if (!_members.TryGetValue(refusal.Group, out KitMember? member) || member.Slot != refusal.Slot)
            return;
        Remove(member);
        member.End(GroupStatus.Left, new JoinException(JoinStep.Options, refusal.Reason));
    }

    private void Remove(KitMember member)
    {
        _members.Remove(member.Name);
        Node.Asked.Remove(member.Name);
    }

    private void EndAll()
    {
        foreach (KitMember member in new List<KitMember>(Members))
            Notice(member, new Left(), GroupStatus.Left);
        foreach (KitTask<bool> leaving in _leaving)
            leaving.Done(true);
        Sends.Receipts.End("the node left");
        Sends.End(new ExcludedException("the node left"));
    }

    private void Deliver(in Effect effect)
    {
        Bundle bundle = effect.Bundle;
        ref readonly Segment segment = ref bundle[effect.Index];
        KitUnit unit = OpenUnit(bundle.View, bundle.Sender, effect.First + effect.Count - 1);
        CreditLater();
        _groups.TryGetValue(segment.Group, out LocalGroup? group);
        int at = segment.Offset;
        for (long s = segment.First; s < effect.First; s++)
            Simulation.SimCluster.Payload(bundle, ref at);
        NodeId sender = Node.View!.Members[bundle.Sender].Id;
        for (int i = 0; i < effect.Count; i++)
        {
            ReadOnlySpan<byte> payload = Simulation.SimCluster.Payload(bundle, ref at);
            byte[] whole = _partial[bundle.Sender] is { } begun ? [.. begun, .. payload] : payload.ToArray();
            _partial[bundle.Sender] = segment.FragmentsLeft > 0 ? whole : null;
            if (segment.FragmentsLeft > 0 || group is null || segment.Query)
                continue;
            group.Position++;
            if (group.Member is not { } member)
                continue;
            unit.Open++;
            member.Push(new KitMessage(
                new MessageId(sender, bundle.View.Id, effect.First + i), group.View.Find(sender, segment.Slot), segment.Order, group.View, group.Position,
                effect.Number > 0 ? effect.Number + i : 0, segment.TypeId, whole, unit));
        }
    }

    /// <summary>Captures at this view are in the queues already.</summary>
    public void GroupView(InstalledGroupView installed)
    {
        GroupState state = installed.Group;
        if (!_groups.TryGetValue(state.Number, out LocalGroup? group))
            _groups.Add(state.Number, group = new LocalGroup());
        group.View = new LocalGroupView(installed, group.View) { Self = Node.Id };
        group.Position = 0;
        foreach (GroupMember lost in installed.Stateless)
            if (lost.Node == Node.Id && _members.TryGetValue(state.Name, out KitMember? stateless) && stateless.Slot == lost.Slot)
                LoseState(stateless, group);
        GroupMember? own = null;
        foreach (GroupMember each in state.Members)
            if (each.Node == Node.Id)
                own = each;
        if (own is null)
        {
            if (group.Member is { } gone)
            {
                Remove(gone);
                Notice(gone, new Left(), GroupStatus.Left);
            }
            group.Member = null;
            return;
        }
        if (!_members.TryGetValue(state.Name, out KitMember? member))
            return;
        bool joined = group.Member is null;
        group.Member = member;
        bool waits = false;
        foreach (GroupMember joiner in installed.Transfers)
            waits |= joiner.Is(Node.Id, own.Slot) && (joined || member.IsHeld);
        foreach (GroupMember emptied in installed.Emptied)
            if (emptied.Is(Node.Id, own.Slot))
                member.Push(new KitEmpty());
        if (waits)
            member.AwaitState(own.Awaits!.Point);
        else if (joined && (member.View is not null || member.IsHeld))
            member.Rejoin();
        member.Push(new KitView(group.View));
    }

    private void LoseState(KitMember member, LocalGroup group)
    {
        group.Member = null;
        Remove(member);
        Later(0, () => member.End(GroupStatus.Left, new StateTransferException(
            $"'{member.Name}' was not joined: no state left, all members that had it are gone; join again to begin the group anew")));
    }
}
