using System.Collections.Generic;
using GroupComm.Core.Queries;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// What must be true of unicasts and queries, which traces do not tell: unicasts of a pair come once and in order, and
/// none is lost between two nodes that stay; of every responder the asker hears once, and every query ends.
/// </summary>
internal sealed class ExchangeWatch
{
    private readonly Dictionary<(NodeId From, NodeId To), Pair> _pairs = [];
    private readonly Dictionary<(NodeId Asker, long View, long Sequence), HashSet<(NodeId, int)>> _queries = [];

    private sealed class Pair
    {
        public long Sent;
        public long Delivered;
    }

    /// <summary>The first violation: law and text.</summary>
    public (string Law, string Text)? Violation { get; private set; }

    public int Unicasts { get; private set; }

    public int Queries { get; private set; }

    public void Clear()
    {
        _pairs.Clear();
        _queries.Clear();
        Violation = null;
        (Unicasts, Queries) = (0, 0);
    }

    /// <summary>The number that the next unicast of the pair carries; it counts only once it is <see cref="Sent"/>.</summary>
    public long Next(NodeId from, NodeId to) => Of(from, to).Sent + 1;

    public void Sent(NodeId from, NodeId to)
    {
        Of(from, to).Sent++;
        Unicasts++;
    }

    public void Delivered(NodeId from, NodeId to, long number)
    {
        Pair pair = Of(from, to);
        if (number <= pair.Delivered)
            Break("VS-7", $"{to} was handed unicast {number} of {from} twice");
        else if (number > pair.Delivered + 1)
            Break("VS-13", $"{to} was handed unicast {number} of {from} after {pair.Delivered}");
        pair.Delivered = number;
    }

    public void CameEarly(NodeId from, NodeId to, long sentIn, long at) =>
        Break("VS-8", $"{to} was handed a unicast of {from} in group view {at}, which was sent in group view {sentIn}");

    public void Asked(NodeId asker, long view, long sequence)
    {
        _queries[(asker, view, sequence)] = [];
        Queries++;
    }

    public void Answered(NodeId asker, QueryAnswer answer)
    {
        if (!_queries.TryGetValue((asker, answer.View, answer.Sequence), out HashSet<(NodeId, int)>? heard))
            Break("LV-10", $"{asker} heard of its query {answer.View}:{answer.Sequence} after its end");
        else if (!heard.Add((answer.Member.Node, answer.Member.Slot)))
            Break("VS-7", $"{asker} heard twice of {answer.Member.Node} about its query {answer.View}:{answer.Sequence}");
    }

    public void Ended(NodeId asker, QueryEnd end)
    {
        if (!_queries.Remove((asker, end.View, end.Sequence)))
            Break("LV-10", $"{asker}'s query {end.View}:{end.Sequence} ended twice");
    }

    /// <summary>The run is over and quiet: whoever of these asked has an end, and what they sent each other came.</summary>
    public void End(IReadOnlyList<SimNode> nodes)
    {
        foreach (SimNode from in nodes)
        {
            if (!from.Alive)
                continue;
            foreach (SimNode to in nodes)
                if (to.Alive && _pairs.TryGetValue((from.Id, to.Id), out Pair? pair) && pair.Delivered != pair.Sent)
                    Break("LV-2", $"{to.Id} was handed {pair.Delivered} of {pair.Sent} unicasts of {from.Id}");
            foreach ((NodeId asker, long view, long sequence) in _queries.Keys)
                if (asker == from.Id)
                    Break("LV-10", $"{asker}'s query {view}:{sequence} never ended");
            if (from.Reads.Count > 0)
                Break("LV-10", $"{from.Id}'s read {from.Reads.Peek().Number} never ended");
            if (from.Core.OpenExchanges > 0)
                Break("LV-8", $"{from.Id} keeps {from.Core.OpenExchanges} unicasts or queries after quiet");
        }
    }

    private Pair Of(NodeId from, NodeId to)
    {
        if (!_pairs.TryGetValue((from, to), out Pair? pair))
            _pairs.Add((from, to), pair = new Pair());
        return pair;
    }

    private void Break(string law, string text) => Violation ??= (law, text);
}
