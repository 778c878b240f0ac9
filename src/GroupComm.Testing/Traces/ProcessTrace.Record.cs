using System;

namespace GroupComm.Testing.Traces;

/// <summary>How the simulator records: one call per event, ids already numbered by the history.</summary>
internal sealed partial class ProcessTrace
{
    public void Start(string cluster, string version, long t)
    {
        TraceDetail detail = history.NewDetail(out int index);
        detail.Text = cluster;
        detail.Version = version;
        Add(TraceKind.Start, t).Detail = index;
    }

    /// <summary>A cluster view was installed here. <paramref name="members"/> and <paramref name="transitional"/> are process
    /// numbers. <paramref name="epoch"/> tells view numbers of a cluster that was founded again from those before; 0 = not traced.</summary>
    public void View(long view, bool primary, ReadOnlySpan<int> members, ReadOnlySpan<int> transitional, ReadOnlySpan<LeftNode> left, long t, long epoch = 0)
    {
        TraceDetail detail = history.NewDetail(out int index);
        detail.SetMembers(members);
        detail.SetTransitional(transitional);
        foreach (LeftNode l in left)
            detail.AddLeft(l);
        ref TraceEvent e = ref Add(TraceKind.View, t);
        e.View = view;
        e.Flag = primary;
        e.Detail = index;
        e.Sequence = epoch;
    }

    /// <summary>A group view was installed here. <paramref name="members"/> are member numbers, ranked.</summary>
    public void GroupView(int group, long view, GroupViewId groupView, ReadOnlySpan<int> members, string reason, FencingToken token, long t)
    {
        TraceDetail detail = history.NewDetail(out int index);
        detail.SetMembers(members);
        detail.Text = reason;
        detail.Token = token;
        ref TraceEvent e = ref Add(TraceKind.GroupView, t);
        e.Group = group;
        e.View = view;
        e.GroupClusterView = groupView.View;
        e.GroupNumber = (int)groupView.Number;
        e.Detail = index;
    }

    /// <summary>A message got its sequence. <paramref name="member"/> is -1 for a send from outside the group.</summary>
    public void Send(int group, int member, long view, long sequence, DeliveryOrder order, long groupViewView, int groupViewNumber, ulong hash, long t, int key = 0)
    {
        ref TraceEvent e = ref Add(TraceKind.Send, t);
        e.Key = key;
        e.Group = group;
        e.Member = member;
        e.Sender = Index;
        e.View = view;
        e.MessageView = view;
        e.Sequence = sequence;
        e.OrderByte = (byte)order;
        e.GroupClusterView = groupViewView;
        e.GroupNumber = groupViewNumber;
        e.Hash = hash;
    }

    /// <summary>A message entered the queue of a local member. <paramref name="messageView"/> is the cluster view in the message's
    /// id; <paramref name="view"/> the one this node says it delivers in, 0 = the same. <paramref name="number"/> is -1 when the
    /// order is not agreed or safe.</summary>
    public void Deliver(int group, int member, int sender, long messageView, long sequence, DeliveryOrder order, long groupViewView, int groupViewNumber, int position, long number, ulong hash, long t, long view = 0)
    {
        ref TraceEvent e = ref Add(TraceKind.Deliver, t);
        e.Group = group;
        e.Member = member;
        e.Sender = sender;
        e.View = view == 0 ? messageView : view;
        e.MessageView = messageView;
        e.Sequence = sequence;
        e.OrderByte = (byte)order;
        e.GroupClusterView = groupViewView;
        e.GroupNumber = groupViewNumber;
        e.Position = position;
        e.Number = number;
        e.Hash = hash;
    }

    /// <summary>A receipt reached <paramref name="stage"/>; <paramref name="view"/> is the one in the message's id.</summary>
    public void Ack(int sender, long view, long sequence, TraceStage stage, long t)
    {
        ref TraceEvent e = ref Add(TraceKind.Ack, t);
        e.Sender = sender;
        e.View = view;
        e.MessageView = view;
        e.Sequence = sequence;
        e.Stage = stage;
    }

    /// <summary>A handler of a message began or ended.</summary>
    public void Handle(bool begin, int group, int member, int sender, long view, long sequence, long t)
    {
        ref TraceEvent e = ref Add(begin ? TraceKind.HandleBegin : TraceKind.HandleEnd, t);
        e.Group = group;
        e.Member = member;
        e.Sender = sender;
        e.MessageView = view;
        e.Sequence = sequence;
    }

    /// <summary>The handler of a group view began or ended.</summary>
    public void HandleView(bool begin, int group, int member, GroupViewId view, long t) => Handle(begin, group, member, -1, view.View, view.Number, t);

    /// <summary>The state of the group at the install of that view. <paramref name="other"/> is the process at the other end, or -1.</summary>
    public void State(int group, GroupViewId groupView, ulong digest, StateRole role, int other, long t)
    {
        ref TraceEvent e = ref Add(TraceKind.State, t);
        e.Group = group;
        e.GroupClusterView = groupView.View;
        e.GroupNumber = (int)groupView.Number;
        e.Hash = digest;
        e.Role = role;
        e.Sender = other;
    }

    public void Read(int group, long begin, long end, int position, long t, int member = -1)
    {
        ref TraceEvent e = ref Add(TraceKind.Read, t);
        e.Group = group;
        e.Member = member;
        e.Sequence = begin;
        e.Number = end;
        e.Position = position;
    }

    public void Primary(bool value, string reason, long t)
    {
        ref TraceEvent e = ref AddWithText(TraceKind.Primary, reason, t);
        e.Flag = value;
    }

    public void Excluded(long view, string reason, long t) => AddWithText(TraceKind.Excluded, reason, t).View = view;

    /// <summary>The node leaves the cluster (no group), or a member leaves its group.</summary>
    public void Leave(long t, int group = -1, int member = -1)
    {
        ref TraceEvent e = ref Add(TraceKind.Leave, t);
        e.Group = group;
        e.Member = member;
    }

    public void Wedge(long view, long t) => Add(TraceKind.Wedge, t).View = view;

    public void Suspect(int of, string reason, long t) => AddWithText(TraceKind.Suspect, reason, t).Sender = of;

    public void Stop(long t) => Add(TraceKind.Stop, t);

    private ref TraceEvent AddWithText(TraceKind kind, string text, long t)
    {
        TraceDetail detail = history.NewDetail(out int index);
        detail.Text = text;
        ref TraceEvent e = ref Add(kind, t);
        e.Detail = index;
        return ref e;
    }
}
