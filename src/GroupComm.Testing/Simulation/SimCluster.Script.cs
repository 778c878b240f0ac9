using System;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Laws;

namespace GroupComm.Testing.Simulation;

/// <summary>What a scripted run sees of the cluster, and where it steps in.</summary>
internal interface ISimScript
{
    /// <summary>A life began.</summary>
    void Started(SimNode node);

    /// <summary>The core wants this; it is carried out right after.</summary>
    void Carries(SimNode node, in Effect effect);

    /// <summary>The node's owner did something with a state.</summary>
    void Tells(SimNode node, string what);

    /// <summary>Whether the frame goes on; if not, the script has dropped it or keeps it.</summary>
    bool Passes(SimNode from, SimNode to, Message message);
}

/// <summary>A frame that a script keeps, and the connection it belongs to.</summary>
internal sealed record HeldFrame(SimNode From, SimNode To, Message Message, int Generation);

// Steps of a script in place of the nemesis: nothing at random, one hop is one millisecond.
internal sealed partial class SimCluster
{
    /// <summary>Time of one hop.</summary>
    public const int ScriptedHop = 1000;

    private const long ScriptedRestart = 20_000;

    // Fixed, so that golden traces stay when the simulator's limits are tuned.
    private static readonly CoreTimes ScriptedTimes = new(Heartbeat: 80, Suspicion: 320, Leave: 2000);

    private ISimScript? _script;

    private CoreTimes NodeTimes => _script is null ? Times : ScriptedTimes;

    /// <summary>A still cluster without nodes. A cluster that was scripted stays so.</summary>
    public void BeginScript(ISimScript script, int founders) => BeginScript(script, founders, ProtocolRules.Correct);

    public void BeginScript(ISimScript script, int founders, ProtocolRules rules)
    {
        Begin(1, rules);
        Mix.Still(founders, ScriptedHop);
        (_script, _faulting, _clientsStopped) = (script, false, true);
    }

    /// <summary>From here on the members of g keep a state that is sent in so many chunks, one each hop.</summary>
    public void KeepState(int chunks) => Mix.StillState(chunks, ScriptedHop);

    public SimNode AddNode(string name)
    {
        var node = new SimNode(_nodes.Count, name, _nodes.Count);
        _nodes.Add(node);
        return node;
    }

    public void Start(SimNode node) => Boot(node);

    public void RunFor(long time) => RunUntil(_now + time);

    /// <summary>The process is gone. Whoever reaches its machine is refused.</summary>
    public void Stop(SimNode node) => Kill(node);

    public static void Pause(SimNode node) => node.Paused = true;

    public void Resume(SimNode node) => ResumeNode(node, node.Life);

    public void Cut(SimNode from, SimNode to) => CutDirection(from.Index, to.Index);

    public void HealAll()
    {
        foreach (SimNode a in _nodes)
            foreach (SimNode b in _nodes)
                if (a != b)
                    Uncut(a.Index, b.Index);
    }

    public void Suspect(SimNode node, SimNode other, string reason)
    {
        node.Core.Suspect(other.Id, reason, Ms, _effects);
        EndInput(node);
    }

    public void Leave(SimNode node)
    {
        node.LeaveAsked = true;
        node.LeaveAskedAt = _now;
        node.Core.LeaveCluster(Ms, _effects);
        EndInput(node);
    }

    public void Join(SimNode node, string group)
    {
        JoinGroup(node, group);
        EndInput(node);
    }

    public void Leave(SimNode node, string group)
    {
        LeaveGroup(node, node.FindGroup(group)!);
        EndInput(node);
    }

    /// <summary>Submits for the node's member of the group, or from outside when it has none.</summary>
    public Admission Submit(SimNode node, string group, DeliveryOrder order, ReadOnlySpan<byte> payload)
    {
        SimGroup? to = node.FindGroup(group);
        if (to is null)
            return Admission.NoGroup;
        return node.Gate.TrySubmit(to.Number, to.Member >= 0 ? to.Slot : 0, null, order, payload, false, out _, out _);
    }

    public void Unicast(SimNode from, SimNode to, string text)
    {
        SimGroup group = from.FindGroup("g")!;
        foreach (Core.Messages.GroupMember member in group.Members)
            if (member.Node == to.Id)
                SendUnicast(from, group, member, System.Text.Encoding.UTF8.GetBytes(text));
        EndInput(from);
    }

    public void Ask(SimNode node, DeliveryOrder order, string text)
    {
        Ask(node, node.FindGroup("g")!, order, Core.Queries.OpenQuery.All, System.Text.Encoding.UTF8.GetBytes(text));
        EndInput(node);
    }

    public void Read(SimNode node)
    {
        BeginRead(node);
        EndInput(node);
    }

    public void Reset(SimNode a, SimNode b) => ResetLink(a, b);

    /// <summary>The node's turn after one or more submits.</summary>
    public void Turn(SimNode node) => EndInput(node);

    public HeldFrame Hold(SimNode from, SimNode to, Message message) => new(from, to, message, Link(from.Index, to.Index).Generation);

    /// <summary>A kept frame goes on, unless its connection is gone.</summary>
    public void Release(HeldFrame frame)
    {
        SimLink link = Link(frame.From.Index, frame.To.Index);
        if (link.Up && link.Generation == frame.Generation && frame.From.Alive && frame.To.Alive)
            SendFrame(frame.From, frame.To, link, frame.Message, link.LastArrival = Math.Max(link.LastArrival, _now + Delay()));
    }

    /// <summary>Whether all live nodes are in one view of exactly them and nothing is retained.</summary>
    public bool IsAtRest() => IsWhole() && IsQuiet();

    /// <summary>Lets the cluster settle without those that are down, and checks every law; answers what is wrong, or null.</summary>
    public string? EndScript()
    {
        foreach (SimNode node in _nodes)
            node.Left |= !node.Alive;
        if (Settle() is string stuck)
            return stuck;
        Verdict verdict = _checker.Check(History, _stable);
        return verdict.Ok ? null : verdict.Explain(History);
    }

    // Nodes tick one after the other, so that a trace shows who noticed first.
    private static long FirstScriptedTick(SimNode node) => node.Index * 5L * ScriptedHop;
}
