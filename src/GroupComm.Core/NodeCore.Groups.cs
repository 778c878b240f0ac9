using System.Collections.Generic;
using GroupComm.Core.Groups;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

// Groups over the cluster (docs/protocol/groups.md).
internal sealed partial class NodeCore
{
    /// <summary>A delivered control message, at its place in the agreed order.</summary>
    private void OnControl(ViewState view, int rank, in Segment segment, EffectList effects)
    {
        NodeId sender = view.Members[rank].Id;
        GroupOutcome outcome;
        if (segment.Control is GroupChange change)
        {
            outcome = _table.Apply(sender, change, view.Key, _rules.GroupChangeWithoutMarks);
            if (outcome.Refused is not null && rank == view.OwnRank)
                effects.Add(new Effect(EffectKind.GroupRefused, default, new GroupRefusal(change.Group, change.Slot, change.Member, outcome.Refused)));
        }
        else if (segment.Control is StateDone done)
        {
            _table.Apply(sender, done);
            return;
        }
        else if (segment.Control is StateRetry retry)
        {
            outcome = _table.Apply(sender, retry, view.Key, _rules.GroupChangeWithoutMarks);
        }
        else
        {
            outcome = _table.Mark(rank, (GroupMark)segment.Control!, view.Detector.All, view.Key);
        }
        if (outcome.Installed is not null)
            AnnounceGroup(outcome.Installed, effects);
        if (outcome.Opened == 0 || view.Flushing)
            return;
        if (outcome.Installed is null)
            SendMark(view, outcome.Opened, effects);
        else
            view.MarksDue.Add(outcome.Opened); // what was held goes out for a turn before the next mark
    }

    private void SendMark(ViewState view, int number, EffectList effects)
    {
        Group group = _table.Find(number)!;
        SendControl(view, SegmentKind.GroupMark, new GroupMark(number, group.ViewNumber + 1), number, number, effects);
    }

    /// <summary>Marks that waited a turn, and changes that waited for a view.</summary>
    private void EmitDueControl(ViewState view, EffectList effects)
    {
        if (view.MarksDue.Count > 0)
        {
            foreach (int number in view.MarksDue)
                SendMark(view, number, effects);
            view.MarksDue.Clear();
        }
        if (!_primary)
            return;
        EmitTransferControl(view, effects);
        foreach (GroupChange change in _changes)
            SendControl(view, SegmentKind.GroupChange, change, 0, 0, effects);
        _changes.Clear();
    }

    private void AnnounceGroup(InstalledGroupView installed, EffectList effects)
    {
        GroupState group = installed.Group;
        if (group.Members.Count == 0)
            _gate.RemoveGroup(group.Number);
        else
            _gate.OpenGroup(group.Number, group.ViewNumber, stampFirst: !_rules.FifoAcrossGroupMark, OwnSlots(group.Members));
        effects.Add(new Effect(EffectKind.GroupViewInstalled, default, installed));
        NoteGroupView(installed, effects);
    }

    private void OpenAllGroups()
    {
        _gate.ClearGroups();
        foreach (Group group in _table.Groups)
            _gate.OpenGroup(group.Number, group.ViewNumber, stampFirst: false, OwnSlots(group.Members));
    }

    private int[] OwnSlots(IReadOnlyList<GroupMember> members)
    {
        int count = 0;
        foreach (GroupMember member in members)
            if (member.Node == _options.Self.Id)
                count++;
        int[] slots = count == 0 ? [] : new int[count];
        foreach (GroupMember member in members)
            if (member.Node == _options.Self.Id)
                slots[--count] = member.Slot;
        return slots;
    }

    /// <summary>Law VS-8 as an invariant: a message meets the group view in which it was sent.</summary>
    private void CheckGroupView(in Segment segment)
    {
        if (_table.Find(segment.Group) is { Traits.AgreedOnly: false } group)
            Invariant.Holds(
                segment.GroupView == group.ViewNumber, "VS-8",
                $"a message of group view {segment.GroupView} met view {group.ViewNumber} of '{group.Name}'");
    }
}
