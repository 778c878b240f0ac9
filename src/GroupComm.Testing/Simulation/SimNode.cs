using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Simulation;

/// <summary>A machine of the simulated cluster: a name with one life after the other, each a real core with its gate.</summary>
/// <param name="index">Its number.</param>
/// <param name="name">Its name.</param>
/// <param name="seat">The number of the machine that had the name first: its own, but after a <see cref="FaultKind.Takeover"/>.</param>
internal sealed class SimNode(int index, string name, int seat)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    public int Seat { get; } = seat;

    /// <summary>Number of the current life; events of earlier lives are dropped.</summary>
    public int Life { get; set; }

    public long Incarnation { get; set; }

    public NodeId Id { get; set; }

    public bool Alive { get; set; }

    public bool Paused { get; set; }

    /// <summary>Left for good.</summary>
    public bool Left { get; set; }

    public bool LeaveAsked { get; set; }

    public long LeaveAskedAt { get; set; }

    public NodeCore Core { get; set; } = null!;

    public SimGate Gate { get; set; } = null!;

    public ProcessTrace Trace { get; set; } = null!;

    /// <summary>Events that wait for the end of a pause.</summary>
    public List<SimEvent> Waiting { get; } = [];

    public bool TurnPending { get; set; }

    /// <summary>The last proposal of which it was decided whether it comes late.</summary>
    public (ViewKey View, Ballot Ballot) LateBallot { get; set; }

    public InstalledView? View { get; set; }

    /// <summary>The members of the view as nodes, and as the history numbers them.</summary>
    public SimNode[] Peers { get; set; } = [];

    public int[] Numbers { get; set; } = [];

    public bool Primary { get; set; }

    public int Installs { get; set; }

    public int AcceptedWhileNotPrimary { get; set; }

    /// <summary>Groups by their number in the table, as this node sees them.</summary>
    public SortedList<int, SimGroup> Groups { get; } = [];

    public int NextSlot { get; set; }

    /// <summary>Groups in which the node asked for a member and has not yet lost it, and the member's slot.</summary>
    public SortedList<string, int> Asked { get; } = new(System.StringComparer.Ordinal);

    /// <summary>Own messages of the current view that await their Safe receipt.</summary>
    public Queue<long> AwaitsSafe { get; } = new();

    /// <summary>Barrier reads under way: number and begin.</summary>
    public Queue<(long Number, long Begin)> Reads { get; } = new();

    public long LastRead { get; set; }

    /// <summary>Running hashes of large messages, per rank of the sender.</summary>
    public ulong[] PartialHash { get; set; } = [];

    /// <summary>Members of this life with handlers that take time, by member number; in schedules that have them.</summary>
    public System.Collections.Generic.SortedList<int, SimMember> Members { get; } = [];

    /// <summary>Per stream what was delivered and is not reported as consumed.</summary>
    public System.Collections.Generic.Dictionary<(ViewKey View, int Rank), Queue<SimUnit>> Unconsumed { get; } = [];

    /// <param name="keepMembers">The process lives on: its members will be joined again.</param>
    public void Reset(bool keepMembers)
    {
        Members.Clear();
        Unconsumed.Clear();
        View = null;
        Primary = false;
        Groups.Clear();
        if (!keepMembers)
        {
            Asked.Clear();
            NextSlot = 0;
        }
        Waiting.Clear();
        AwaitsSafe.Clear();
        Reads.Clear();
        TurnPending = false;
        LeaveAsked = false;
    }

    public SimGroup? FindGroup(string groupName)
    {
        foreach (SimGroup group in Groups.Values)
            if (group.Name == groupName)
                return group;
        return null;
    }
}

/// <summary>A group as one node sees it.</summary>
internal sealed class SimGroup(int number, string name, bool agreedOnly)
{
    public int Number { get; } = number;

    public string Name { get; } = name;

    public bool AgreedOnly { get; } = agreedOnly;

    /// <summary>The group's number in the history.</summary>
    public int Traced { get; set; }

    public GroupViewId View { get; set; }

    /// <summary>Slot and member number in the history of the member that this node hosts; 0 and -1 for none.</summary>
    public int Slot { get; set; }

    public int Member { get; set; } = -1;

    public bool LeaveAsked { get; set; }

    public int Position { get; set; }

    public IReadOnlyList<GroupMember> Members { get; set; } = [];

    /// <summary>The state of the member that this node hosts; null without one that can be transferred.</summary>
    public SimState? State { get; set; }
}
