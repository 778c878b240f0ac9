using System.Collections.Generic;
using GroupComm.Core.Detection;
using GroupComm.Core.Flow;
using GroupComm.Core.Flush;
using GroupComm.Core.Messages;
using GroupComm.Core.Stability;
using GroupComm.Core.Streams;
using GroupComm.Core.Total;

namespace GroupComm.Core;

/// <summary>
/// All that a node knows of one view, from its install to the next. A new view gets a new one, so nothing of the old can
/// be counted in it. The pseudo view 0 of a bootstrap has founders as members and empty streams.
/// </summary>
internal sealed class ViewState
{
    public ViewState(ViewKey key, IReadOnlyList<NodeInfo> members, int ownRank, IReadOnlyList<string> founders, CoreOptions options, long now)
    {
        (Key, Members, OwnRank, Founders) = (key, members, ownRank, founders);
        int n = members.Count;
        for (int i = 0; i < n; i++)
            foreach (string founder in founders)
                if (founder == members[i].Id.Name)
                    Founding |= 1UL << i;
        Streams = new InStream[n];
        for (int i = 0; i < n; i++)
            Streams[i] = new InStream();
        Orders = new OrderLog(n);
        int needed = options.SafeByAll ? n : AckTable.MoreThanHalf(n);
        if (options.Rules.SafeOnOwnAck)
            needed = 1;
        else if (options.Rules.SafeOnTieHalf)
            needed = (n + 1) / 2;
        Acks = new AckTable(n, ownRank, needed);
        Detector = new Detector(n, ownRank, now, grace: 2L * options.Times.Heartbeat);
        Held = new long[n];
        Passed = new long[n];
        Consumed = new long[n];
        Unconsumed = new ByteLedger[n];
        for (int i = 0; i < n; i++)
            Unconsumed[i] = new ByteLedger();
        LastDelivered = new long[n];
        ConsumedOut = new long[n];
        ResumeWanted = new bool[n];
        ResumeSent = new long[n];
    }

    public ViewKey Key { get; }

    public IReadOnlyList<NodeInfo> Members { get; }

    public int OwnRank { get; }

    public int Size => Members.Count;

    public bool IsSequencer => OwnRank == 0;

    public IReadOnlyList<string> Founders { get; }

    /// <summary>Bit r: the member bears a founder's name.</summary>
    public ulong Founding { get; }

    public InStream[] Streams { get; }

    public InStream Own => Streams[OwnRank];

    public OrderLog Orders { get; }

    public AckTable Acks { get; }

    public Detector Detector { get; }

    /// <summary>The cursors of the streams as vectors.</summary>
    public long[] Held { get; }

    public long[] Passed { get; }

    /// <summary>What the application reported, and the last sequence that was handed to it.</summary>
    public long[] Consumed { get; }

    public long[] LastDelivered { get; }

    /// <summary>What was delivered of others' streams and not consumed.</summary>
    public ByteLedger[] Unconsumed { get; }

    /// <summary>What the acknowledgement says is consumed.</summary>
    public long[] ConsumedOut { get; }

    /// <summary>Numbers up to here may be delivered safe.</summary>
    public long SafeNumber { get; set; }

    public long SafeReceipt { get; set; }

    public long DeliveredReceipt { get; set; }

    /// <summary>Runs that the sequencer assigned and has not yet sent.</summary>
    public List<OrderRun> NewRuns { get; } = [];

    /// <summary>How many of them are in the order log already.</summary>
    public int RunsLogged { get; set; }

    /// <summary>Streams that have a gap, and when the last <see cref="Resume"/> went out.</summary>
    public bool[] ResumeWanted { get; }

    public long[] ResumeSent { get; }

    public bool OrdersWanted { get; set; }

    public long OrdersAsked { get; set; } = long.MinValue / 2;

    /// <summary>Safe messages that are held here and not delivered.</summary>
    public long SafeOpen { get; set; }

    /// <summary>Safe messages that were ever held here.</summary>
    public long SafeTotal { get; set; }

    public AckState Ack { get; } = new();

    /// <summary>Groups for which this node owes a mark in its next turn.</summary>
    public List<int> MarksDue { get; } = [];

    public ChangeState Change { get; } = new();

    /// <summary>Bit r: the member asked to leave.</summary>
    public ulong Leaving { get; set; }

    /// <summary>Bit r: a later life of the member's name asks to join.</summary>
    public ulong Replaced { get; set; }

    /// <summary>Everything left is delivered by the decided cut and sequence.</summary>
    public bool Flushing { get; set; }

    public int RankOf(NodeId node)
    {
        for (int i = 0; i < Members.Count; i++)
            if (Members[i].Id.Incarnation == node.Incarnation && Members[i].Id.Name == node.Name)
                return i;
        return -1;
    }

    public long[] ReceivedVector()
    {
        var received = new long[Size];
        for (int i = 0; i < received.Length; i++)
            received[i] = Streams[i].Received;
        return received;
    }
}
