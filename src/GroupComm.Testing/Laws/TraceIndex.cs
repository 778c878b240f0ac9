using System;
using System.Collections.Generic;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// One pass over a history that turns it into the tables the laws read: messages, deliveries, installs, views, and each member's
/// stays. Everything is numbered, so that a law is a loop over arrays. Built again for every run, buffers kept.
/// The pass itself is in <c>TraceIndex.Build.cs</c>, the merge of all traces in <c>TraceIndex.Merge.cs</c>.
/// </summary>
internal sealed partial class TraceIndex
{
    private const int HasEnded = -2; // of a stay: there was one

    private readonly MessageTable _messages = new();
    private readonly Dictionary<(long Epoch, long Number), int> _viewRows = [];
    private readonly Dictionary<(int Group, long Epoch, long ClusterView, int Number), int> _groupViewRows = [];
    private readonly Dictionary<(int View, int GroupView), int> _cellRows = [];
    private readonly Table<int> _groupInstallOf = new();
    private readonly Table<int> _lastSendTo = new();
    private readonly Table<int> _stayOf = new();
    private readonly List<int> _openMembers = [];

    /// <summary>The history that was indexed.</summary>
    public History History { get; private set; } = new();

    /// <summary>What the harness says about the end, when it ended quiet.</summary>
    public StablePeriod? Stable { get; private set; }

    public Table<MessageRow> Messages => _messages.Rows;

    /// <summary>Deliveries, process by process, each in its own order.</summary>
    public Table<DeliveryRow> Deliveries { get; } = new();

    /// <summary>Message rows in send order, process by process.</summary>
    public Table<int> Sends { get; } = new();

    public Table<InstallRow> Installs { get; } = new();

    public Table<GroupInstallRow> GroupInstalls { get; } = new();

    public Table<ViewRow> Views { get; } = new();

    public Table<GroupViewRow> GroupViews { get; } = new();

    public Table<CellRow> Cells { get; } = new();

    public Table<StayRow> Stays { get; } = new();

    public Table<AckRow> Acks { get; } = new();

    /// <summary>Wedge, Excluded, Leave, Primary and Stop events.</summary>
    public Table<EventRef> Marks { get; } = new();

    /// <summary>Barrier reads.</summary>
    public Table<EventRef> Reads { get; } = new();

    /// <summary>Second sends of an id that was sent before (VS-6).</summary>
    public Table<EventRef> Resends { get; } = new();

    /// <summary>States that were given, restored or had.</summary>
    public Table<StateRow> States { get; } = new();

    /// <summary>Per process the last install row, -1 for none.</summary>
    public Table<int> LastInstall { get; } = new();

    /// <summary>Sends (as <c>~position</c>) and deliveries (as row), process by process in their own order.</summary>
    public Table<int> Steps { get; } = new();

    /// <summary>Where the steps of each process begin; one entry more than processes.</summary>
    public Table<int> StepStart { get; } = new();

    /// <summary>Where the deliveries of each process begin; one entry more than processes.</summary>
    public Table<int> DeliveryStart { get; } = new();

    /// <summary>How many processes are named.</summary>
    public int ProcessCount => History.Processes.Count;

    /// <summary>The event, by reference.</summary>
    public ref readonly TraceEvent Event(int process, int index) => ref History.Processes[process][index];

    /// <summary>Whether the member left its group, or was removed from it, and did not come back.</summary>
    public bool HasLeft(int member) => _stayOf[member] == HasEnded;

    /// <summary>Whether the member is in that group view.</summary>
    public bool IsIn(int member, int groupView)
    {
        if (groupView < 0 || GroupViews[groupView].Detail < 0)
            return false;
        return History.Detail(GroupViews[groupView].Detail).Members.Contains(member);
    }

    /// <summary>The group view that counts for a message: in which it was sent, or, for an agreed-only group or when the send
    /// does not say, in which it was first delivered. -1 when unknown.</summary>
    public int GroupViewOf(int message)
    {
        ref MessageRow m = ref Messages[message];
        if (m.GroupView >= 0 && !History.IsAgreedOnly(m.Group))
            return m.GroupView;
        if (m.FirstDelivery < 0)
            return -1;
        int install = Deliveries[m.FirstDelivery].GroupInstall;
        return install < 0 ? -1 : GroupInstalls[install].GroupView;
    }

    /// <summary>The row of a message, -1 when no trace names it.</summary>
    public int FindMessage(int sender, long view, long sequence) => _messages.TryFind(sender, view, sequence);

    /// <summary>Whether the member delivered the message.</summary>
    public bool HasDelivered(int member, int message)
    {
        for (int d = Messages[message].LastDelivery; d >= 0; d = Deliveries[d].PreviousOfMessage)
            if (Deliveries[d].Member == member)
                return true;
        return false;
    }

    /// <summary>The install of a view at a process, -1 for none.</summary>
    public int InstallOf(int process, int view)
    {
        for (int i = Views[view].LastInstall; i >= 0; i = Installs[i].PreviousOfView)
            if (Installs[i].Process == process)
                return i;
        return -1;
    }

    /// <summary>The ranked processes of a view; empty when nobody installed it in these traces.</summary>
    public ReadOnlySpan<int> MembersOf(int view) =>
        Views[view].Detail < 0 ? default : History.Detail(Views[view].Detail).Members;

    /// <summary>The row of a view, -1 when no trace names it.</summary>
    public int FindView(long epoch, long number) => _viewRows.TryGetValue((epoch, number), out int row) ? row : -1;

    public NodeId IdOf(int process) => History.Processes[process].Id;

    public string NameOf(int message)
    {
        ref MessageRow m = ref Messages[message];
        return new MessageId(IdOf(m.Sender), m.View, m.Sequence).ToString();
    }

    public string GroupViewName(int groupView) =>
        new GroupViewId(GroupViews[groupView].ClusterView, GroupViews[groupView].Number) + " of " + History.GroupName(GroupViews[groupView].Group);

    public EventRef SendRef(int message) => new(Messages[message].Sender, Messages[message].Event);

    public EventRef DeliveryRef(int delivery) => new(Deliveries[delivery].Process, Deliveries[delivery].Event);

    public EventRef InstallRef(int install) => new(Installs[install].Process, Installs[install].Event);
}
