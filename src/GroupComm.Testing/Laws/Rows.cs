namespace GroupComm.Testing.Laws;

// The tables of a TraceIndex. Minus one is none everywhere.

/// <summary>A message, known from its send, its deliveries, or both.</summary>
internal struct MessageRow
{
    public int Sender;
    public long View;
    public long Sequence;

    /// <summary>The send in the sender's trace; -1 when no send was traced.</summary>
    public int Event;

    public int Group;

    /// <summary>The member that sent it; -1 for an open send.</summary>
    public int Member;

    public byte Order;
    public ulong Hash;

    /// <summary>The group view in which it was sent; -1 when the send does not say.</summary>
    public int GroupView;

    /// <summary>Its place among all sends: contiguous and rising per sender.</summary>
    public int Position;

    /// <summary>Position of the sender's previous send to the same group.</summary>
    public int PreviousInGroup;

    /// <summary>Its place in <see cref="TraceIndex.Steps"/>.</summary>
    public int Step;

    /// <summary>The view installed at the sender when it sent it, and the stay of its member.</summary>
    public int Install;
    public int Stay;

    /// <summary>The first delivery found, and the last one (deliveries chain backwards through <see cref="DeliveryRow.PreviousOfMessage"/>).</summary>
    public int FirstDelivery;
    public int LastDelivery;

    /// <summary>Whether its own member delivered it.</summary>
    public bool SelfDelivered;
}

/// <summary>One delivery to one member.</summary>
internal struct DeliveryRow
{
    public int Process;
    public int Event;
    public int Member;
    public int Message;

    /// <summary>The view installed here at that time.</summary>
    public int Install;

    /// <summary>The group view installed here at that time, as a row of <see cref="TraceIndex.GroupInstalls"/>.</summary>
    public int GroupInstall;

    /// <summary>The stay of the member that it falls into; -1 when the member was in no group view.</summary>
    public int Stay;
    public int PreviousOfMessage;
    public long Number;
    public ulong Hash;
    public byte Order;
}

/// <summary>A process installed a cluster view.</summary>
internal struct InstallRow
{
    public int Process;
    public int Event;
    public int View;
    public int Previous;
    public int Next;
    public int PreviousOfView;
}

/// <summary>A process installed a group view.</summary>
internal struct GroupInstallRow
{
    public int Process;
    public int Event;
    public int GroupView;
    public int Previous;
    public int Install;
}

/// <summary>A cluster view, by epoch and number.</summary>
internal struct ViewRow
{
    public long Epoch;
    public long Number;

    /// <summary>The last install of it found (a chain); -1 when nobody installed it in these traces.</summary>
    public int LastInstall;
    public int FirstInstall;

    /// <summary>The detail of the first install: its ranked members.</summary>
    public int Detail;
}

/// <summary>A group view.</summary>
internal struct GroupViewRow
{
    public int Group;
    public long ClusterView;
    public int Number;
    public long Epoch;

    /// <summary>The first install found, a row of <see cref="TraceIndex.GroupInstalls"/>, and its detail.</summary>
    public int FirstInstall;
    public int Detail;
}

/// <summary>The part of a group view that falls into one cluster view.</summary>
internal struct CellRow
{
    public int View;
    public int GroupView;
    public int LastStay;

    /// <summary>Deliveries into it, and distinct safe messages that anyone delivered in it.</summary>
    public int Deliveries;
    public int SafeMessages;
}

/// <summary>One member's time in one cell: from an install to the next.</summary>
internal struct StayRow
{
    public int Member;
    public int Process;
    public int Cell;
    public int PreviousInCell;

    /// <summary>The stay of the same member that follows directly.</summary>
    public int Next;

    /// <summary>The install that began it and the one that ended it, as events of the process; -1 = the trace ends in it.</summary>
    public int BeginEvent;
    public int EndEvent;
    public StayEnd End;

    /// <summary>By which it ended: a group view row or a view row, as <see cref="End"/> says.</summary>
    public int EndRow;

    /// <summary>What it delivered, as a count and a sum of mixed message numbers: equal sets give equal sums.</summary>
    public int Deliveries;
    public ulong Mix;

    /// <summary>Its first delivery and its last one; those of other members of the process lie between.</summary>
    public int FirstDelivery;
    public int LastDelivery;
    public int SafeDeliveries;
}

/// <summary>How a stay ended.</summary>
internal enum StayEnd : byte
{
    /// <summary>The trace ends in it.</summary>
    Open,

    /// <summary>The next group view has the member too.</summary>
    GroupView,

    /// <summary>The next cluster view was installed.</summary>
    View,

    /// <summary>The next group view does not have the member.</summary>
    Left,
}

/// <summary>A receipt.</summary>
internal struct AckRow
{
    public int Process;
    public int Event;
    public int Install;
}

/// <summary>A state that was given, restored or had, and the epoch in which that was.</summary>
internal struct StateRow
{
    public int Process;
    public int Event;
    public long Epoch;
}
