using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Queries;

/// <summary>How a query ended.</summary>
internal enum QueryOutcome : byte
{
    /// <summary>Not yet.</summary>
    Open,

    /// <summary>As many answered as were wanted, or all that there are answered or departed.</summary>
    Complete,

    /// <summary>More than half of the view were wanted, and so many departed that they cannot answer any more.</summary>
    OutOfReach,
}

/// <summary>One query of this node, from its submit to its end. Its id is that of its message.</summary>
internal sealed class OpenQuery(long view, long sequence, int group, int wanted)
{
    /// <summary><see cref="Wanted"/>: every responder.</summary>
    public const int All = 0;

    /// <summary><see cref="Wanted"/>: more than half of the responders.</summary>
    public const int Majority = -1;

    public long View { get; } = view;

    public long Sequence { get; } = sequence;

    public int Group { get; } = group;

    /// <summary>So many answers, or <see cref="All"/> or <see cref="Majority"/>.</summary>
    public int Wanted { get; } = wanted;

    /// <summary>The members of the group view in which the query was delivered; null before.</summary>
    public IReadOnlyList<GroupMember>? Responders { get; set; }

    /// <summary>Answers that came before the query was delivered here.</summary>
    public List<(NodeId Node, DirectItem Item)> Early { get; } = [];

    /// <summary>Bit by place in <see cref="Responders"/>: answered or departed.</summary>
    public HashSet<int> Settled { get; } = []; // lookup only

    public int Answers { get; set; }

    public int Departures { get; set; }

    public QueryOutcome Outcome
    {
        get
        {
            if (Responders is not { } responders)
                return QueryOutcome.Open;
            int all = responders.Count, majority = all / 2 + 1;
            if (Answers + Departures == all)
                return Wanted == Majority && Answers < majority ? QueryOutcome.OutOfReach : QueryOutcome.Complete;
            if (Wanted == Majority && Answers < majority)
                return Departures > all - majority ? QueryOutcome.OutOfReach : QueryOutcome.Open;
            return Wanted == Majority || (Wanted > 0 && Answers >= Wanted) ? QueryOutcome.Complete : QueryOutcome.Open;
        }
    }

    /// <summary>The responder's place, or -1.</summary>
    public int PlaceOf(NodeId node, int slot)
    {
        for (int i = 0; i < Responders!.Count; i++)
            if (Responders[i].Slot == slot && Responders[i].Node == node)
                return i;
        return -1;
    }
}
