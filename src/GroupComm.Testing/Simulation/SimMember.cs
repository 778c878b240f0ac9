using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Delivery;
using GroupComm.Core.Flow;

namespace GroupComm.Testing.Simulation;

/// <summary>What one Deliver effect brought, until its messages are handled.</summary>
internal sealed class SimUnit(long upTo)
{
    public long UpTo => upTo;

    public int Open { get; set; }
}

/// <summary>One item for a member: a message, or a group view when <see cref="Sender"/> is -1.</summary>
internal sealed record SimTask(SimMember Member, int Sender, long View, long Sequence, int Key, int Answers, SimUnit? Unit)
{
    public int Item { get; set; }

    /// <summary>Its handler does not return.</summary>
    public bool Stuck { get; set; }

    /// <summary>Inside the handler, what it sends is not admitted yet.</summary>
    public bool WaitsToSend { get; set; }
}

/// <summary>A member whose handlers take time: the same schedule and the same watch as in the runtime.</summary>
internal sealed class SimMember(int number, int slot, SimGroup group, int limit, int timeout, ProtocolRules rules)
{
    public int Number => number;

    public int Slot => slot;

    public SimGroup Group => group;

    public KeySchedule<int> Schedule { get; } = new(limit, rules);

    public ConsumerWatch Watch { get; } = new(timeout, removes: true, cap: 0);

    /// <summary>Admitted, by their number in the schedule.</summary>
    public SortedList<int, SimTask> Admitted { get; } = [];

    /// <summary>Beyond the limit.</summary>
    public Queue<SimTask> Backlog { get; } = new();

    public long Completed { get; set; }

    /// <summary>It was found standing still.</summary>
    public bool Removed { get; set; }

    public bool IsBusy => Admitted.Count > 0 || Backlog.Count > 0;
}
