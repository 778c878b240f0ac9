using System.Collections.Generic;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Groups;

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
        unit.Bytes = large?.Bytes ?? segment.Length;
        if (group is not null)
        {
            unit.Position = group.Position + 1;
            group.Position += effect.Count;
        }
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

    private void EndView(TransitionalSet transitional)
    {
        foreach (ViewStreams streams in _streams)
            if (streams.Key == transitional.Old)
                streams.DropFragments();
        foreach (Member member in _members.Values)
            if (member.Handle.Entry?.View is { } view)
                Tell(member, new DeliveryItem(null, new MemberNotice(new Transitional(view.View.Id))));
    }

    private void Install(InstalledView installed)
    {
        _view = installed;
        _streams.Add(new ViewStreams(installed.Key, installed.Members));
        _parts.Receipts.Install(installed.Key.Id);
        View view = new(
            installed.Key.Id, installed.Key.Epoch,
            [.. installed.Members.Select((member, rank) => new ViewMember(member.Id, member.Address, rank))],
            [.. installed.Departed.Select(departed => new DepartedNode(departed.Id, departed.Reason))],
            installed.Transitional);
        RuntimeLog.ViewInstalled(_parts.Log, view.Id, string.Join(' ', view.Members.Select(member => member.Id)),
            string.Join(", ", view.Departed.Select(departed => $"{departed.Id} ({departed.Reason})")));
        _parts.Events.ViewInstalled(view);
    }

    private void Install(InstalledGroupView installed)
    {
        GroupState state = installed.Group;
        GroupEntry? entry = _parts.Groups.Find(state.Number);
        LocalGroupView view = new(installed, entry?.View);
        if (entry is null)
            _parts.Groups.Add(entry = new GroupEntry(state.Number, state.Name, state.Traits));
        entry.View = view;
        entry.Position = 0;
        RuntimeLog.GroupViewInstalled(_parts.Log, state.Name, view.View.Id, installed.Reason, string.Join(' ', view.View.Members));

        Capture(installed, view.View.Id); // before anything of the new view
        foreach (GroupMember joined in installed.Joined)
            if (joined.Node == _options.Self.Id && _joining.Remove(joined.Slot, out Member? member))
            {
                _members.Add(member.Slot, member);
                entry.Local.Add(member);
                member.Handle.Entry = entry;
            }
        Await(installed, view.View.Id);
        foreach (GroupMember left in installed.Left)
            if (left.Node == _options.Self.Id && _members.Remove(left.Slot, out Member? member))
            {
                entry.Local.Remove(member);
                Tell(member, new DeliveryItem(null, new MemberNotice(new Left(), Ends: GroupStatus.Left)));
            }
        foreach (Member member in entry.Local)
            Tell(member, new DeliveryItem(null, new MemberNotice(new ViewInstalled(view.View), view)));
        if (state.Members.Count == 0)
            _parts.Groups.Remove(entry);
    }

    private void Refuse(GroupRefusal refusal)
    {
        if (_joining.Remove(refusal.Slot, out Member? member))
            member.Refuse(new JoinException(JoinStep.Options, refusal.Reason));
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
