using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Queries;

/// <summary>What a query's owner is told: an answer of <paramref name="Member"/>, or with no <paramref name="Item"/> its departure.</summary>
internal sealed record QueryAnswer(long View, long Sequence, GroupMember Member, DirectItem? Item);

/// <summary>The query is over: nothing of it follows.</summary>
internal sealed record QueryEnd(long View, long Sequence, QueryOutcome Outcome, int Answers, int Responders);

/// <summary>
/// The open queries of this node. A query is a multicast; whoever is in the group view in which it is delivered answers
/// by unicast. Invariant: of every responder the owner hears once, an answer or the departure, and then the end.
/// Source: docs/protocol/queries-and-reads.md.
/// </summary>
internal sealed class QueryTable
{
    private readonly List<OpenQuery> _open = [];

    public int Count => _open.Count;

    public void Add(OpenQuery query) => _open.Add(query);

    /// <summary>Nobody listens any more; later answers are ignored.</summary>
    public void Cancel(long view, long sequence) => _open.RemoveAll(query => query.View == view && query.Sequence == sequence);

    /// <summary>The own query was delivered here: its responders are known, and so is what they said already.</summary>
    public void Delivered(long view, long sequence, IReadOnlyList<GroupMember> members, EffectList effects)
    {
        if (Find(view, sequence) is not { Responders: null } query)
            return;
        query.Responders = members;
        foreach ((NodeId node, DirectItem item) in query.Early)
            Answered(query, node, item, effects);
        query.Early.Clear();
        EndIfOver(query, effects); // the group view may be empty
    }

    /// <summary>An answer came.</summary>
    public void Answered(NodeId node, DirectItem item, EffectList effects)
    {
        if (Find(item.QueryView, item.QuerySequence) is not { } query)
            return;
        if (query.Responders is null)
        {
            query.Early.Add((node, item));
            return;
        }
        Answered(query, node, item, effects);
        EndIfOver(query, effects);
    }

    /// <summary>The group has a new view: who is not in it and has not answered will not.</summary>
    public void Installed(int group, IReadOnlyList<GroupMember> members, EffectList effects)
    {
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            OpenQuery query = _open[i];
            if (query.Group != group || query.Responders is not { } responders)
                continue;
            for (int place = 0; place < responders.Count; place++)
                if (!Contains(members, responders[place]) && query.Settled.Add(place))
                {
                    query.Departures++;
                    effects.Add(new Effect(EffectKind.QueryAnswered, Subject: new QueryAnswer(query.View, query.Sequence, responders[place], null)));
                }
            EndIfOver(query, effects);
        }
    }

    private static void Answered(OpenQuery query, NodeId node, DirectItem item, EffectList effects)
    {
        int place = query.PlaceOf(node, item.Sender);
        if (place < 0 || query.Outcome != QueryOutcome.Open || !query.Settled.Add(place))
            return;
        query.Answers++;
        effects.Add(new Effect(EffectKind.QueryAnswered, Subject: new QueryAnswer(query.View, query.Sequence, query.Responders![place], item)));
    }

    private void EndIfOver(OpenQuery query, EffectList effects)
    {
        if (query.Outcome is QueryOutcome.Open)
            return;
        _open.Remove(query);
        effects.Add(new Effect(EffectKind.QueryEnded, Subject: new QueryEnd(query.View, query.Sequence, query.Outcome, query.Answers, query.Responders!.Count)));
    }

    private OpenQuery? Find(long view, long sequence)
    {
        foreach (OpenQuery query in _open)
            if (query.View == view && query.Sequence == sequence)
                return query;
        return null;
    }

    private static bool Contains(IReadOnlyList<GroupMember> members, GroupMember member)
    {
        foreach (GroupMember each in members)
            if (each.Slot == member.Slot && each.Node == member.Node)
                return true;
        return false;
    }
}
