namespace GroupComm.Core.Messages;

/// <summary>What the messages of a segment are.</summary>
internal enum SegmentKind : byte
{
    /// <summary>Payloads of the application.</summary>
    Application = 0,

    /// <summary>One agreed change of a group's membership; <see cref="Segment.Control"/> is a <see cref="GroupChange"/>.</summary>
    GroupChange = 1,

    /// <summary>One agreed mark that ends the old group view in this stream; <see cref="Segment.Control"/> is a <see cref="GroupMark"/>.</summary>
    GroupMark = 2,

    /// <summary>The no-op of a barrier read: whoever holds it says so at once. No content.</summary>
    Barrier = 6,
    /// <summary>A member has its state; <see cref="Segment.Control"/> is a <see cref="Messages.StateDone"/>.</summary>
    StateDone = 3,

    /// <summary>A transfer failed; <see cref="Segment.Control"/> is a <see cref="Messages.StateRetry"/>.</summary>
    StateRetry = 4,
}

/// <summary>
/// Consecutive messages of one stream that share order, group, group view, member and type: the unit on which the core
/// works. Payloads lie one after the other in the bundle's block from <see cref="Offset"/>, each with its length as an
/// unsigned LEB128 varint in front (docs/decisions/0004).
/// </summary>
internal struct Segment
{
    public SegmentKind Kind;
    public DeliveryOrder Order;

    /// <summary>The causal stamp counts although the order is fifo: first message in a new group view (docs/decisions/0005).</summary>
    public bool Stamped;

    /// <summary>The messages are queries: whoever they are delivered to answers the sender. Only of application messages.</summary>
    public bool Query;

    /// <summary>Number of the group in the cluster's table; 0 for none.</summary>
    public int Group;

    /// <summary>The group view in which it was sent.</summary>
    public long GroupView;

    /// <summary>The sending member's slot on its node; 0 from outside the group.</summary>
    public int Slot;

    /// <summary>Type id of typed messages; null for raw bytes.</summary>
    public string? TypeId;

    /// <summary>Sequences that follow in the same large message; 0 for a whole message or its last fragment.
    /// Segments with fragments hold one sequence each.</summary>
    public int FragmentsLeft;

    /// <summary>Trace context of its only message (W3C <c>traceparent</c>), carried for telemetry and never read by the core;
    /// null when nobody traces. Of a message in fragments the last one has it.</summary>
    public string? TraceParent;

    /// <summary>Sequence of the first message.</summary>
    public long First;

    /// <summary>Number of messages, at least 1.</summary>
    public int Count;

    /// <summary>Where the payloads begin in the block, and how many bytes they take with their lengths.</summary>
    public int Offset;
    public int Length;

    /// <summary>The content of a segment that is not the application's.</summary>
    public object? Control;

    public readonly long Last => First + Count - 1;

    /// <summary>Whether the bundle's stamp must be satisfied before the segment is passed.</summary>
    public readonly bool NeedsStamp => Order != DeliveryOrder.Fifo || Stamped;

    public readonly bool IsOrdered => Order >= DeliveryOrder.Agreed;
}
