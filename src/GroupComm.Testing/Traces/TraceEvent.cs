using System.Runtime.InteropServices;

namespace GroupComm.Testing.Traces;

/// <summary>
/// One event of one process. Ids are indices into the tables of the <see cref="History"/>; minus one is none. What does not
/// fit a few numbers (member lists, reasons) is in a <see cref="TraceDetail"/>. A field means what its kind gives it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct TraceEvent
{
    /// <summary>What happened.</summary>
    public TraceKind Kind;

    /// <summary>Send, Deliver: the order.</summary>
    public DeliveryOrder Order => (DeliveryOrder)OrderByte;

    /// <summary>Send, Deliver: the order as a byte.</summary>
    public byte OrderByte;

    /// <summary>Ack: the stage reached.</summary>
    public TraceStage Stage;

    /// <summary>State: what the process had to do with it.</summary>
    public StateRole Role;

    /// <summary>View, Primary: the value.</summary>
    public bool Flag;

    /// <summary>The group, or -1. A Leave without a group is the whole node's.</summary>
    public int Group;

    /// <summary>The member as <see cref="History.Member"/> numbers it; -1 for an open send.</summary>
    public int Member;

    /// <summary>Send, Deliver, Ack, Handle: the process whose message it is; for the handling of a view -1. Suspect: the suspected process.
    /// State: the other end, or -1.</summary>
    public int Sender;

    /// <summary>Index of the <see cref="TraceDetail"/>, or -1.</summary>
    public int Detail;

    /// <summary>Deliver, Read: the position in the member's group view.</summary>
    public int Position;

    /// <summary>The number of the group view, 0 for none.</summary>
    public int GroupNumber;

    /// <summary>Send: the conflict key as <see cref="History.Key"/> numbers it; 0 is none and conflicts with everything.</summary>
    public int Key;

    /// <summary>Line in the file it was read from, 0 when it was recorded in memory.</summary>
    public int Line;

    /// <summary>The cluster view that the event names: the one installed, wedged, sent in, delivered in, excluded by.</summary>
    public long View;

    /// <summary>Send, Deliver, Ack: the cluster view in the message's id.</summary>
    public long MessageView;

    /// <summary>The cluster view in which the group view was installed.</summary>
    public long GroupClusterView;

    /// <summary>Send, Deliver, Ack: the sequence. Read: when it began. View: the epoch, 0 when not traced.</summary>
    public long Sequence;

    /// <summary>Deliver: the agreed number, -1 for none. Read: when it ended.</summary>
    public long Number;

    /// <summary>Send, Deliver: xxHash64 of the payload. State: its digest.</summary>
    public ulong Hash;

    /// <summary>Monotonic nanoseconds of this process.</summary>
    public long T;
}
