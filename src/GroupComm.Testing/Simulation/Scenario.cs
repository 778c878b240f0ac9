using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// One story of the protocol, step by step: real cores, every hop takes one millisecond, nothing is random. The log tells
/// in words what each node does; <see cref="End"/> lets the cluster settle and checks every law. Times are milliseconds.
/// </summary>
internal sealed class Scenario : ISimScript
{
    private readonly SimCluster _cluster = new();
    private readonly Narrator _narrator;
    private readonly List<FrameRule> _rules = [];
    private readonly List<HeldFrame> _held = [];
    private readonly List<(SimNode Node, string Group, DeliveryOrder Order, string Text)> _waiting = [];

    /// <param name="founders">How many nodes must meet before the first view.</param>
    public Scenario(int founders)
    {
        _narrator = new Narrator(text => Log.Add(_cluster.Now, text));
        _cluster.BeginScript(this, founders);
    }

    public ScenarioLog Log { get; } = new();

    /// <summary>A cluster at rest in view 1, and all in group g unless told otherwise. The story begins after it, at time 0;
    /// the changes and marks of the joins have used up some sequences and numbers.</summary>
    public static Scenario Of(string[] nodes, string[]? inGroup = null, int stateChunks = 0)
    {
        var scenario = new Scenario(nodes.Length);
        if (stateChunks > 0)
            scenario._cluster.KeepState(stateChunks);
        scenario.Log.Muted = true;
        scenario.Start(nodes);
        scenario.RunUntilRest();
        foreach (string node in inGroup ?? nodes)
            scenario.Join(node);
        scenario.RunUntilRest();
        scenario.RunFor(200);
        scenario.Log.Muted = false;
        scenario.Log.Origin = scenario._cluster.Now;
        return scenario;
    }

    public void Start(params string[] names)
    {
        foreach (string name in names)
            _cluster.Start(_cluster.Nodes.FirstOrDefault(node => node.Name == name) ?? _cluster.AddNode(name));
    }

    public void RunFor(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _cluster.RunFor(1000);
            SendWaiting();
        }
    }

    /// <summary>Goes on until the log says so.</summary>
    public void RunUntil(string part)
    {
        for (int i = 0; i < 10_000 && !Log.Says(part); i++)
            RunFor(1);
        if (!Log.Says(part))
            throw new InvalidOperationException($"'{part}' never happens:\n{Log}");
    }

    public void Send(string name, DeliveryOrder order, string text, string group = "g")
    {
        SimNode node = Find(name);
        if (!Submit(node, group, order, text))
        {
            Say($"{Narrator.Name(node.Id)} must wait with {text}");
            _waiting.Add((node, group, order, text));
        }
    }

    /// <summary>A unicast from the one's member of g to the other's.</summary>
    public void Unicast(string from, string to, string text)
    {
        Say($"{from} sends {text} to {to} alone");
        _cluster.Unicast(Find(from), Find(to), text);
    }

    /// <summary>A query of all members of g; they answer with their name as soon as they have delivered it.</summary>
    public void Ask(string name, DeliveryOrder order, string text) => _cluster.Ask(Find(name), order, text);

    public void BeginRead(string name)
    {
        Say($"{name} begins a barrier read");
        _cluster.Read(Find(name));
    }

    public void Reset(string a, string b)
    {
        Say($"* the connection between {a} and {b} breaks and is made anew");
        _cluster.Reset(Find(a), Find(b));
    }

    public void Crash(string name)
    {
        Say($"* {Narrator.Name(Find(name).Id)} crashes");
        _cluster.Stop(Find(name));
    }

    public void Pause(string name)
    {
        Say($"* {name} stands still");
        SimCluster.Pause(Find(name));
    }

    public void Resume(string name)
    {
        Say($"* {name} goes on");
        _cluster.Resume(Find(name));
    }

    public void CutBoth(string a, string b)
    {
        Say($"* {a} and {b} are cut off from each other");
        _cluster.Cut(Find(a), Find(b));
        _cluster.Cut(Find(b), Find(a));
    }

    public void CutOneWay(string from, string to)
    {
        Say($"* nothing gets from {from} to {to}");
        _cluster.Cut(Find(from), Find(to));
    }

    public void Heal()
    {
        Say("* the network is healed");
        _cluster.HealAll();
    }

    public void Suspect(string name, string other, string reason) => _cluster.Suspect(Find(name), Find(other), reason);

    public void Leave(string name) => _cluster.Leave(Find(name));

    public void Join(string name, string group = "g") => _cluster.Join(Find(name), group);

    public void LeaveGroup(string name, string group = "g") => _cluster.Leave(Find(name), group);

    /// <summary>Where a node stands: what waits there, and for whom.</summary>
    public GroupComm.Core.Inspection.NodeInspection Inspect(string name) => Find(name).Core.Inspect(_cluster.Now / 1000);

    /// <summary>Frames of that kind are lost from now on.</summary>
    public void Drop(MessageKind kind, string? from = null, string? to = null) => DropAfter(0, kind, from, to);

    /// <summary>So many frames of that kind pass, the later ones are lost.</summary>
    public void DropAfter(int passing, MessageKind kind, string? from = null, string? to = null) =>
        _rules.Add(new FrameRule(kind, from, to, keep: false, passing));

    /// <summary>Frames of that kind, and all behind them on the same link, wait until <see cref="Release"/>.</summary>
    public void Hold(MessageKind kind, string? from = null, string? to = null) => _rules.Add(new FrameRule(kind, from, to, keep: true, passing: 0));

    /// <summary>No frame is dropped or held any more; those that were held go on.</summary>
    public void Release()
    {
        _rules.Clear();
        foreach (HeldFrame frame in _held)
            _cluster.Release(frame);
        _held.Clear();
    }

    /// <summary>Lets everybody who is up become one quiet view, unless the story has ended so already; answers a broken law, or null.</summary>
    public string? End()
    {
        Release();
        Log.Muted = true;
        return _cluster.EndScript();
    }

    void ISimScript.Started(SimNode node) => Say($"{Narrator.Name(node.Id)} starts");

    void ISimScript.Carries(SimNode node, in Effect effect) => _narrator.Tell(node, effect);

    void ISimScript.Tells(SimNode node, string what) => Say($"{Narrator.Name(node.Id)} {what}");

    bool ISimScript.Passes(SimNode from, SimNode to, Message message)
    {
        bool behind = _held.Exists(frame => frame.From == from && frame.To == to);
        FrameRule? rule = _rules.Find(rule => rule.Meets(from, to, message));
        if (rule is null && !behind)
            return true;
        if (behind || rule!.Keep)
            _held.Add(_cluster.Hold(from, to, message));
        if (rule is not null)
            Say($"* {(rule.Keep ? "held up" : "lost")}: {message.Kind.ToString().ToLowerInvariant()} from {from.Name} to {to.Name}");
        return false;
    }

    private void RunUntilRest()
    {
        for (int i = 0; i < 5000; i++)
        {
            RunFor(1);
            if (_cluster.IsAtRest())
                return;
        }
        throw new InvalidOperationException($"the cluster does not come to rest:\n{Log}");
    }

    private void SendWaiting()
    {
        for (int i = 0; i < _waiting.Count; i++)
        {
            (SimNode node, string group, DeliveryOrder order, string text) = _waiting[i];
            if (!node.Alive || Submit(node, group, order, text))
                _waiting.RemoveAt(i--);
        }
    }

    /// <summary>False: it must wait and try again.</summary>
    private bool Submit(SimNode node, string group, DeliveryOrder order, string text)
    {
        switch (_cluster.Submit(node, group, order, Encoding.UTF8.GetBytes(text)))
        {
            case Admission.Admitted:
                _cluster.Turn(node);
                return true;
            case Admission.Wait:
                return false;
            case Admission.NotPrimary:
                Say($"{Narrator.Name(node.Id)} refuses to send {text}: {node.Gate.Reason}");
                return true;
            case Admission other:
                Say($"{Narrator.Name(node.Id)} cannot send {text}: {other}");
                return true;
        }
    }

    private void Say(string text) => Log.Add(_cluster.Now, text);

    private SimNode Find(string name) => _cluster.Nodes.First(node => node.Name == name);
}
