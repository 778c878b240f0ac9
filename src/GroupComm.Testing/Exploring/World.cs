using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Simulation;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Exploring;

/// <summary>
/// A cluster of real cores at rest in view 1, with all frames in the hands of a search: it says which step comes next, and
/// can go back. Heartbeats of a tick arrive at once; a frame overtakes none on its own link.
/// </summary>
internal sealed class World : ISimScript
{
    private readonly ExplorePlan _plan;
    private readonly SimCluster _cluster = new();
    private readonly Copier _copier = new();
    private readonly Hasher _hasher = new();
    private readonly Queue<(SimNode From, SimNode To, Message Message)> _atOnce = [];
    private readonly List<(SimNode To, NodeId Gone)> _gone = [];
    private readonly byte[] _payload = new byte[8];
    private Parcel[][] _links;
    private Budget _left;
    private bool _exploring;
    private bool _changesAll; // the step may change every node: all of them are kept for the way back
    private ulong[] _hashes = [];

    private record struct Budget(int Joiners, int Crashes, int Suspicions, int Sent, int Ticks);

    /// <summary>All that a step may change.</summary>
    internal sealed class Past
    {
        internal SimNode[] Nodes = [];
        internal SimNode[] Originals = [];
        internal int[] Traced = [];
        internal int Details;
        internal Parcel[][] Links = [];
        internal ulong[] Hashes = [];
        internal object Budget = null!;
        internal SimCluster.Mark Mark = null!;
    }

    public World(ExplorePlan plan)
    {
        _plan = plan;
        _left = new Budget(plan.Joiners, plan.Crashes, plan.Suspicions, 0, plan.Ticks);
        int size = plan.Nodes + plan.Joiners;
        _links = new Parcel[size * size][];
        Array.Fill(_links, []);
        _cluster.BeginScript(this, plan.Nodes, plan.Rules);
        for (int i = 0; i < plan.Nodes; i++)
            _cluster.Start(_cluster.AddNode($"n{i + 1}"));
        Rest();
        foreach (SimNode node in _cluster.Nodes)
            _cluster.Join(node, "g");
        Rest();
        (_exploring, _changesAll) = (true, true);
        Settle();
        _gone.Clear();
        for (int i = plan.Nodes; i < size; i++)
            _cluster.AddNode($"n{i + 1}").Left = false;
        _hashes = new ulong[size];
        for (int i = 0; i < size; i++)
            Rehash(i);
    }

    public SimCluster Cluster => _cluster;

    private int Size => _plan.Nodes + _plan.Joiners;

    /// <summary>Every step that is possible now, always in the same order.</summary>
    public void Steps(List<Step> into)
    {
        bool quiet = true;
        for (int from = 0; from < Size; from++)
            for (int to = 0; to < Size; to++)
                if (_links[(from * Size) + to].Length > 0)
                {
                    quiet = false;
                    into.Add(new Step(StepKind.Deliver, from, to));
                }
        foreach (SimNode node in _cluster.Nodes)
        {
            if (!node.Alive)
                continue;
            if (_left.Sent < _plan.Messages.Count && node.FindGroup("g") is { Member: >= 0 } && node.Primary && !node.Core.IsWedged)
                into.Add(new Step(StepKind.Send, node.Index, 0));
            if (_left.Crashes > 0)
                for (int mask = 0; mask < 1 << Size; mask++)
                    if ((mask & ~Pending(node.Index)) == 0)
                        into.Add(new Step(StepKind.Crash, node.Index, mask));
            if (_left.Suspicions > 0 && node.View is { } view)
                foreach (SimNode other in _cluster.Nodes)
                    if (other != node && other.Alive && Contains(view.Members, other.Id))
                        into.Add(new Step(StepKind.Suspect, node.Index, other.Index));
        }
        if (_left.Joiners > 0)
            into.Add(new Step(StepKind.Join, Size - _left.Joiners, 0));
        if (quiet && _left.Ticks > 0)
            into.Add(new Step(StepKind.Tick, 0, 0));
    }

    public string Describe(in Step step) => step.Kind switch
    {
        StepKind.Deliver => _links[(step.A * Size) + step.B] is [{ } parcel, ..] && parcel.Message is { } message
            ? $"n{step.B + 1} takes from n{step.A + 1}: {FrameWords.Of(_cluster.Nodes[step.B].View?.Members, message) ?? message.Kind.ToString().ToLowerInvariant()}"
            : $"n{step.B + 1} learns that n{step.A + 1} is gone",
        StepKind.Send => $"n{step.A + 1} sends a message ({FrameWords.Of(_plan.Messages[_left.Sent])})",
        StepKind.Crash => $"n{step.A + 1} crashes{(step.B == 0 ? "" : $"; what it had under way to {Names(step.B)} is lost")}",
        StepKind.Suspect => $"n{step.A + 1} suspects n{step.B + 1}, wrongly",
        StepKind.Join => $"n{step.A + 1} starts and asks to join",
        StepKind.Tick => "nothing is under way: time goes on by a tick",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>Keeps what is, so that <see cref="Back"/> can return to it.</summary>
    public Past Save(in Step next)
    {
        var past = new Past { Links = (Parcel[][])_links.Clone(), Budget = _left, Mark = _cluster.SaveLinks(), Hashes = (ulong[])_hashes.Clone(), Traced = new int[_cluster.History.Processes.Count] };
        past.Details = _cluster.History.DetailCount;
        for (int i = 0; i < past.Traced.Length; i++)
            past.Traced[i] = _cluster.History.Processes[i].Count;
        bool all = next.Kind is StepKind.Tick or StepKind.Join;
        int own = next.Kind == StepKind.Deliver ? next.B : next.A;
        past.Originals = all ? [.. _cluster.Nodes] : [_cluster.Nodes[own]];
        past.Nodes = new SimNode[past.Originals.Length];
        for (int i = 0; i < past.Nodes.Length; i++)
            past.Nodes[i] = _copier.Copy(past.Originals[i]);
        return past;
    }

    public void Back(Past past)
    {
        for (int i = 0; i < past.Nodes.Length; i++)
            _copier.Assign(past.Nodes[i], past.Originals[i]);
        for (int i = 0; i < _cluster.History.Processes.Count; i++)
            _cluster.History.Processes[i].CutBack(i < past.Traced.Length ? past.Traced[i] : 0);
        _cluster.History.CutBackDetails(past.Details);
        (_links, _left, _hashes) = (past.Links, (Budget)past.Budget, past.Hashes);
        _cluster.RestoreLinks(past.Mark);
        _atOnce.Clear();
    }

    /// <summary>Does it; a broken invariant comes out as an exception.</summary>
    public void Do(in Step step)
    {
        SimNode a = _cluster.Nodes[step.A];
        _changesAll = step.Kind is StepKind.Tick or StepKind.Join;
        switch (step.Kind)
        {
            case StepKind.Deliver:
                Parcel parcel = Take(step.A, step.B);
                if (parcel.Message is { } message)
                    _cluster.Hand(a, _cluster.Nodes[step.B], message);
                else
                    _cluster.HandGone(_cluster.Nodes[step.B], parcel.Gone);
                break;
            case StepKind.Send:
                SimPayload.Write(_payload, _left.Sent + 1);
                if (_cluster.Submit(a, "g", _plan.Messages[_left.Sent], _payload) == Admission.Admitted)
                    _cluster.Turn(a);
                _left.Sent++;
                break;
            case StepKind.Crash:
                _left.Crashes--;
                for (int to = 0; to < Size; to++)
                {
                    _links[(to * Size) + step.A] = [];
                    if ((step.B >> to & 1) != 0)
                        _links[(step.A * Size) + to] = [];
                }
                _cluster.Stop(a);
                break;
            case StepKind.Suspect:
                _left.Suspicions--;
                _cluster.Suspect(a, _cluster.Nodes[step.B], "false suspicion");
                break;
            case StepKind.Join:
                _left.Joiners--;
                _cluster.Start(a);
                break;
            case StepKind.Tick:
                _left.Ticks--;
                _cluster.TickAll();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step));
        }
        Settle();
        for (int i = 0; i < Size; i++)
            if (step.Kind is StepKind.Tick or StepKind.Join || i == (step.Kind == StepKind.Deliver ? step.B : step.A))
                Rehash(i);
    }

    /// <summary>Hash of the whole: cores, traces, what is under way, what is left to do.</summary>
    public ulong Hash()
    {
        _hasher.Begin();
        foreach (ulong hash in _hashes)
            _hasher.Number((long)hash);
        foreach (Parcel[] link in _links)
        {
            _hasher.Number(link.Length);
            foreach (Parcel parcel in link)
                _hasher.Number(parcel.Message is null ? -3 : (long)_hasher.Of(parcel.Message));
        }
        _hasher.Number(((((((_left.Joiners * 8L) + _left.Crashes) * 8) + _left.Suspicions) * 8) + _left.Sent) * 64 + _left.Ticks);
        return _hasher.End();
    }

    /// <summary>Events in the traces of all.</summary>
    public long Traced => _cluster.History.EventCount;

    void ISimScript.Tells(SimNode node, string what) { }

    void ISimScript.Started(SimNode node) { }

    void ISimScript.Carries(SimNode node, in Effect effect) { }

    bool ISimScript.Passes(SimNode from, SimNode to, Message message)
    {
        if (!_exploring)
            return true;
        if (_changesAll && message.Kind is MessageKind.Heartbeat or MessageKind.Known)
            _atOnce.Enqueue((from, to, message));
        else
            _links[(from.Index * Size) + to.Index] = [.. _links[(from.Index * Size) + to.Index], new Parcel(message, default)];
        return false;
    }

    private void Rest()
    {
        for (int i = 0; i < 2000 && !(i > 100 && _cluster.IsAtRest()); i++)
            _cluster.RunFor(SimCluster.ScriptedHop);
        if (!_cluster.IsAtRest())
            throw new InvalidOperationException("the cluster does not come to rest before the search");
    }

    private void Settle()
    {
        for (bool more = true; more;)
        {
            _cluster.Settle(_gone);
            more = _atOnce.Count > 0;
            while (_atOnce.TryDequeue(out (SimNode From, SimNode To, Message Message) frame))
                if (frame.To.Alive && frame.From.Alive)
                    _cluster.Hand(frame.From, frame.To, frame.Message);
        }
        foreach ((SimNode to, NodeId gone) in _gone)
        {
            int from = IndexOf(gone);
            _links[(from * Size) + to.Index] = [.. _links[(from * Size) + to.Index], new Parcel(null, gone)];
        }
        _gone.Clear();
        foreach (SimNode node in _cluster.Nodes)
            if (!node.Alive)
                for (int from = 0; from < Size; from++)
                    if (_links[(from * Size) + node.Index].Length > 0)
                        _links[(from * Size) + node.Index] = [];
    }

    private Parcel Take(int from, int to)
    {
        Parcel[] link = _links[(from * Size) + to];
        _links[(from * Size) + to] = link[1..];
        return link[0];
    }

    private void Rehash(int index)
    {
        SimNode node = _cluster.Nodes[index];
        _hasher.Begin();
        if (node.Alive)
            _hasher.Root(node);
        else
            _hasher.Number(node.Life);
        if (node.Trace is { } trace)
            foreach (ref readonly TraceEvent e in trace.Events)
                Add(e);
        _hashes[index] = _hasher.End();
    }

    private void Add(in TraceEvent e)
    {
        _hasher.Number(((((long)e.Kind * 8) + e.OrderByte) * 8 + (long)e.Stage) * 2 + (e.Flag ? 1 : 0));
        _hasher.Number(((long)e.Group << 40) ^ ((long)e.Member << 20) ^ e.Sender);
        _hasher.Number(((long)e.Position << 32) ^ e.GroupNumber);
        _hasher.Number((e.View << 48) ^ (e.MessageView << 32) ^ (e.GroupClusterView << 16) ^ e.Sequence);
        _hasher.Number(e.Number);
        _hasher.Number((long)e.Hash);
        if (e.Detail >= 0)
            _hasher.Any(_cluster.History.Detail(e.Detail));
    }

    private int Pending(int from)
    {
        int mask = 0;
        for (int to = 0; to < Size; to++)
            mask |= _links[(from * Size) + to].Length > 0 ? 1 << to : 0;
        return mask;
    }

    private int IndexOf(NodeId id)
    {
        foreach (SimNode node in _cluster.Nodes)
            if (node.Name == id.Name)
                return node.Index;
        throw new InvalidOperationException($"{id} is unknown");
    }

    private static bool Contains(IReadOnlyList<NodeInfo> members, NodeId id)
    {
        foreach (NodeInfo member in members)
            if (member.Id == id)
                return true;
        return false;
    }

    private string Names(int mask)
    {
        var names = new List<string>();
        for (int i = 0; i < Size; i++)
            if ((mask >> i & 1) != 0)
                names.Add($"n{i + 1}");
        return string.Join(" and ", names);
    }
}
