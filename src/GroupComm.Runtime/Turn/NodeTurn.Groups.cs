using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Groups;
using GroupComm.Runtime.Inspection;

namespace GroupComm.Runtime.Turn;

// Deliveries and views, on their way into the members' queues.
internal partial class NodeTurn
{
    private void Deliver(in Effect effect)
    {
        Bundle bundle = effect.Bundle;
        ref readonly Segment segment = ref bundle[effect.Index];
        ViewStreams streams = StreamsOf(bundle.View);
        StreamLedger ledger = streams[bundle.Sender];
        int offset = ledger.Locate(bundle, effect.Index, effect.First, effect.Count);
        LargeMessage? large = null;
        if (segment.FragmentsLeft > 0 || ledger.HasFragments)
        {
            large = ledger.AddFragment(bundle, offset, segment.FragmentsLeft);
            if (large is null)
                return;
        }

        GroupEntry? group = _parts.Groups.Find(segment.Group);
        List<Member> local = group?.Local ?? [];
        DeliveryUnit unit = _units.Rent();
        unit.Streams = streams;
        unit.Rank = bundle.Sender;
        unit.Bundle = bundle;
        unit.Index = effect.Index;
        unit.First = effect.First;
        unit.Count = effect.Count;
        unit.Offset = offset;
        unit.Number = effect.Number;
        unit.Large = large;
        unit.Handover = _parts.Telemetry.Delivered(bundle, segment);
        unit.Bytes = large?.Bytes ?? segment.Length;
        if (group is not null)
        {
            unit.Position = group.Position + 1;
            group.Position += effect.Count;
        }
        if (Recent is { } recent)
            recent.Add(new RecentDelivery(
                DateTime.UtcNow, group?.Name, new MessageId(streams.Nodes[bundle.Sender], bundle.View.Id, effect.First), effect.Count, segment.Order,
                group?.View?.View.Id ?? default, unit.Position, effect.Number, segment.TypeId, unit.Bytes));
        unit.Open(local.Count);
        ledger.Append(unit);
        DeliveryItem item = new(unit, null);
        for (int i = 0; i < local.Count; i++)
        {
            if (!local[i].TakesAside(unit.Bytes))
            {
                Tell(local[i], item);
                continue;
            }
            Tell(local[i], new DeliveryItem(unit.Aside(), null));
            unit.CloseAndRelease();
        }
    }

    // A sidecar's group may have thousands.
    private static string Names(IReadOnlyList<MemberId> members)
    {
        const int Most = 16;
        return members.Count <= Most ? string.Join(' ', members) : $"{string.Join(' ', members.Take(Most))} and {members.Count - Most} more";
    }

    private void EndView(TransitionalSet transitional)
    {
        foreach (ViewStreams streams in _streams)
            if (streams.Key == transitional.Old)
                streams.DropFragments();
        foreach (Member member in _members.Values)
            if (member.Handle.Entry?.View is { } view)
                Tell(member, new DeliveryItem(null, new MemberNotice(new Transitional(view.View.Id))));
    }

    private int _level = NodeInfo.LowestLevel; // of the view

    private void Install(InstalledView installed)
    {
        _view = installed;
        EndUnicasts(installed);
        _streams.Add(new ViewStreams(installed.Key, installed.Members));
        _parts.Receipts.Install(installed.Key.Id);
        _parts.Links.Dialer.KeepNone();
        View view = new(
            installed.Key.Id, installed.Key.Epoch,
            [.. installed.Members.Select((member, rank) => new ViewMember(member.Id, member.Address, rank))],
            [.. installed.Departed.Select(departed => new DepartedNode(departed.Id, departed.Reason))],
            installed.Transitional);
        RuntimeLog.ViewInstalled(_parts.Log, view.Id, string.Join(' ', view.Members.Select(member => member.Id)),
            string.Join(", ", view.Departed.Select(departed => $"{departed.Id} ({departed.Reason})")));
        if (installed.FeatureLevel != _level)
            RuntimeLog.LevelChanged(_parts.Log, view.Id, installed.FeatureLevel, _options.Self.Level);
        _level = installed.FeatureLevel;
        _told.Add(events =>
        {
            _parts.Sends.Arrive();
            events.ViewInstalled(view);
        });
    }

    private void Install(InstalledGroupView installed)
    {
        GroupState state = installed.Group;
        GroupEntry? entry = _parts.Groups.Find(state.Number);
        LocalGroupView view = new(installed, entry?.View) { Self = _options.Self.Id };
        if (entry is null)
            _parts.Groups.Add(entry = new GroupEntry(state.Number, state.Name, state.Traits, _life));
        entry.View = view;
        entry.Position = 0;
        RuntimeLog.GroupViewInstalled(_parts.Log, state.Name, view.View.Id, installed.Reason, Names(view.View.Members));

        Capture(installed, view.View.Id); // before anything of the new view
        foreach (GroupMember joined in installed.Joined)
            if (joined.Node == _options.Self.Id && _joining.Remove(joined.Slot, out Member? member))
            {
                _members.Add(member.Slot, member);
                entry.Local.Add(member);
                member.Handle.Entry = entry;
                if (member.WasIn)
                    Reset(member, installed);
                member.WasIn = true;
            }
        Await(installed, view.View.Id);
        foreach (GroupMember left in installed.Left)
            if (left.Node == _options.Self.Id && _members.Remove(left.Slot, out Member? member))
            {
                entry.Local.Remove(member);
                Desk.Forget(_core, member);
                EndMember(member);
            }
        foreach (Member member in entry.Local)
            Tell(member, new DeliveryItem(null, new MemberNotice(new ViewInstalled(view.View), view)));
        if (state.Members.Count == 0)
            _parts.Groups.Remove(entry);
    }

    /// <summary>Back from another life. Whoever awaits its state tells of the reset when it has it.</summary>
    private void Reset(Member member, InstalledGroupView installed)
    {
        foreach (GroupMember joiner in installed.Transfers)
            if (joiner.Is(_options.Self.Id, member.Slot))
            {
                member.AwaitsAgain();
                return;
            }
        Tell(member, new DeliveryItem(null, new MemberNotice(new Reset())));
    }

    private void Refuse(GroupRefusal refusal)
    {
        if (_joining.Remove(refusal.Slot, out Member? member))
            Refuse(member, new MemberNotice(new Left(), Ends: GroupStatus.Left), new JoinException(JoinStep.Options, refusal.Reason));
    }

    /// <summary>A member that waits for its first view has nobody but its caller to tell; one that was in a view has its events.</summary>
    private void Refuse(Member member, MemberNotice notice, GroupCommException refusal)
    {
        if (member.WasIn)
            Tell(member, new DeliveryItem(null, notice));
        else
            member.Refuse(refusal);
    }

    private void TellAll(MemberNotice notice)
    {
        foreach (Member member in _members.Values)
            Tell(member, new DeliveryItem(null, notice));
    }

    private void Tell(Member member, in DeliveryItem item)
    {
        if (member.Add(item))
            _ready.Add(member);
    }

    private ViewStreams StreamsOf(ViewKey view)
    {
        for (int i = _streams.Count - 1; i >= 0; i--)
            if (_streams[i].Key == view)
                return _streams[i];
        throw new InvariantException("VS-8", $"a delivery of view {view}, which was not installed");
    }
}
