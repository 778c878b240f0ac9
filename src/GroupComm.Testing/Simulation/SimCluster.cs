using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// A cluster of real cores on virtual time from one seed (model: TigerBeetle's simulator). A phase with faults, then
/// everything is healed, then the cluster must become quiet and whole. Reused from schedule to schedule; one per thread.
/// Times are microseconds.
/// </summary>
internal sealed partial class SimCluster
{
    private static readonly CoreTimes Times = new(Heartbeat: 70, Suspicion: 220, Leave: 1200);

    private readonly SimQueue _queue = new();
    private readonly EffectList _effects = new();
    private readonly List<SimNode> _nodes = [];
    private readonly Dictionary<NodeId, SimNode> _byId = [];
    private readonly LawChecker _checker = new();
    private readonly StablePeriod _stable = new();
    private SimRandom _random = new(0);
    private ProtocolRules _rules = ProtocolRules.Correct;
    private ulong _seed;
    private long _now;
    private bool _faulting;
    private int _nameCounter;
    private int _handling;
    private long _payload;

    public History History { get; } = new();

    public FaultMix Mix { get; } = new();

    /// <summary>How often each fault was injected in this schedule.</summary>
    public int[] Faults { get; } = new int[FaultNames.Count];

    public long Events { get; private set; }

    public long Messages { get; private set; }

    public int Views { get; private set; }

    /// <summary>Says what happens, for people; null: silent.</summary>
    public Action<long, string>? Story { get; set; }

    /// <summary>Decisions are written there, or come from there; null: from the seed alone.</summary>
    public Tape? Tape { get; set; }

    /// <summary>Sees every frame that is worth telling; null: nobody does.</summary>
    public ISimWatch? Watch { get; set; }

    /// <summary>Ends the schedule at that time, before or after the heal, with what is known then; the laws of liveness are not asked.</summary>
    public long? StopAt { get; set; }

    /// <summary>Sees every event; null: nobody does.</summary>
    public Action<SimEvent>? Probe { get; set; }

    public LawChecker Checker => _checker;

    public IReadOnlyList<SimNode> Nodes => _nodes;

    public long Now => _now;

    /// <summary>Runs one schedule; answers the violated law with its text, or null.</summary>
    public SimViolation? Run(ulong seed, ProtocolRules rules, int minNodes, int maxNodes, ReadOnlySpan<FaultKind> only)
    {
        Begin(seed, rules);
        _random.Enter(OccasionKind.Mix);
        Mix.Draw(_random, minNodes, maxNodes, only);
        Mix.DrawExchanges(_side);
        Mix.DrawState(_stateRandom, only);
        Mix.DrawHerds(new SimRandom(seed ^ 0x4E_2D_5EED), minNodes, only);
        Mix.DrawLate(new SimRandom(seed ^ 0x1A7E_5EED), only);
        Mix.DrawTakeovers(_takeovers, only);
        if (App is not null)
            Mix.LeaveToApp();
        App?.Begin(this);
        try
        {
            for (int i = 0; i < Mix.Nodes; i++)
            {
                _random.Enter(OccasionKind.Start, i);
                StartNode(AddNode(), _random.Below(5_000));
            }
            _faulting = true;
            if (Mix.WeightSum > 0)
                ScheduleFault();
            ScheduleTakeovers();
            RunUntil(Math.Min(Mix.FaultTime, StopAt ?? long.MaxValue));
            if (StopAt is null || StopAt > Mix.FaultTime)
            {
                Heal();
                string? stuck = Settle();
                App?.End();
                if (stuck is not null)
                    return new SimViolation(seed, "LV-1", stuck);
            }
        }
        catch (StopException)
        {
        }
        catch (SimAppException broken)
        {
            return new SimViolation(seed, broken.Law, broken.Message) { At = HandledLast() };
        }
        catch (InvariantException broken)
        {
            return new SimViolation(seed, broken.Law, $"invariant: {broken.Message}") { At = HandledLast() };
        }
        Verdict verdict = _checker.Check(History, StopAt is null ? _stable : null);
        if (!verdict.Ok)
            return new SimViolation(seed, verdict.Violations[0].Law, verdict.Explain(History)!) { At = Places(verdict.Violations[0]) };
        return StopAt is null && CheckExchanges() is (string law, string text) ? new SimViolation(seed, law, text) { At = HandledLast() } : null;
    }

    /// <summary>Where the event that was handled last happened.</summary>
    public IReadOnlyList<ViolationPlace> HandledLast() => [new(_handling, _now)];

    private ViolationPlace[] Places(Violation violation)
    {
        var places = new ViolationPlace[violation.Events.Count];
        for (int i = 0; i < places.Length; i++)
        {
            ProcessTrace trace = History.Processes[violation.Events[i].Process];
            places[i] = new ViolationPlace(_byId.TryGetValue(trace.Id, out SimNode? node) ? node.Index : -1, trace[violation.Events[i].Event].T / 1000);
        }
        return places;
    }

    private void Begin(ulong seed, ProtocolRules rules)
    {
        _seed = seed;
        _rules = rules;
        _random = new SimRandom(seed, Tape);
        _side = new SimRandom(~seed);
        _watch.Clear();
        _handled.Clear();
        _stateRandom = new SimRandom(seed ^ 0x5EED_0F_57A7E);
        _takeovers = new SimRandom(seed ^ 0x7A6F_C468_5EED);
        Transfers = 0;
        _queue.Clear();
        _nodes.Clear();
        _byId.Clear();
        Array.Clear(_links);
        History.Clear();
        _stable.Clear();
        _effects.Clear();
        Array.Clear(Faults);
        (_now, _nameCounter, _payload, Events, Messages, Views) = (0, 0, 0, 0, 0, 0);
        (_stablePhase, _clientsStopped, _lost) = (false, false, false);
        (_late, _lateNumber) = (null, 0);
        _sendHash.Clear();
        _asCausal.Clear();
        _consumed.Clear();
        (_last, _stayed, _installed, _mustSurvive, _alike) = (null, 0, 0, 0, 0);
    }

    private SimNode AddNode()
    {
        var node = new SimNode(_nodes.Count, $"n{_nodes.Count + 1}", _nodes.Count);
        _nodes.Add(node);
        return node;
    }

    private void StartNode(SimNode node, long delay = 0) => _queue.Add(new SimEvent { Time = _now + delay, Kind = SimEventKind.Restart, Node = node.Index, Life = node.Life });

    /// <param name="node">The machine.</param>
    /// <param name="before">The core of the life before in the same process; null: a new process.</param>
    private void Boot(SimNode node, NodeCore? before = null)
    {
        if (!IsOnlyOne(node))
            return;
        node.Reset(keepMembers: before is not null);
        node.Life++;
        node.Alive = true;
        node.Paused = false;
        if (!_rules.SameIdentityAfterRestart || node.Incarnation == 0)
            node.Incarnation = LastLife(node) + 1;
        node.Id = new NodeId(node.Name, node.Incarnation);
        _byId[node.Id] = node;
        node.Trace = History.Process(node.Id);
        node.Trace.Start("sim", "0", _now * 1000);
        node.Gate = App is null ? new SimGate(Mix.Window, _rules) : new SimAppGate(Mix.Window, _rules);
        var options = new CoreOptions
        {
            Self = new NodeInfo(node.Id, node.Seat == node.Index ? node.Name : $"{node.Name}-{node.Index}"),
            ExpectedNodes = MayFound(node) ? Mix.Nodes : 0,
            WallClockMs = 1_000_000 + (_now / 1000),
            Seed = _seed * 31 + (ulong)(node.Index * 7919) + (ulong)node.Life,
            Times = NodeTimes,
            SendWindow = Mix.Window,
            DirectWindow = Mix.DirectWindow,
            Rules = _rules,
            HighestEpoch = before?.HighestEpoch ?? 0,
            Returns = before is not null,
        };
        node.Core = new NodeCore(options, node.Gate, Ms);
        foreach ((string group, int slot) in node.Asked)
            node.Core.ChangeGroup(App?.JoinChange(node, group, slot) ?? JoinChange(group, slot), _effects);
        Story?.Invoke(_now, $"{node.Id} starts");
        _script?.Started(node);
        App?.Started(node, before is not null);
        foreach (SimNode other in _nodes)
            if (other != node && other.Alive)
                Connect(node, other);
        Add(node, SimEventKind.Tick, _script is null ? _random.Below(Times.Tick * 1000) : FirstScriptedTick(node));
        Add(node, SimEventKind.Client, Mix.ClientInterval);
    }

    private long Ms => _now / 1000;

    private void Add(SimNode node, SimEventKind kind, long delay, object? subject = null) =>
        _queue.Add(new SimEvent { Time = _now + delay, Kind = kind, Node = node.Index, Life = node.Life, Subject = subject });

    private void RunUntil(long time)
    {
        long until = StopAt is { } stop && stop < time ? stop : time;
        while (_queue.NextTime <= until)
        {
            ref readonly SimEvent e = ref _queue.Take();
            _now = e.Time;
            Events++;
            _handling = e.Node;
            Probe?.Invoke(e);
            Occasion outer = _random.Enter(OccasionKind.Event, e.Node, (int)e.Kind);
            Handle(e);
            _random.Leave(outer);
        }
        _now = until;
        if (until < time)
            throw new StopException();
    }

    private void Handle(in SimEvent e)
    {
        switch (e.Kind)
        {
            case SimEventKind.Fault:
                if (_faulting)
                {
                    Occasion outer = _random.Enter(OccasionKind.Fault);
                    if (!_random.IsCutOut)
                        InjectFault();
                    _random.Leave(outer);
                    ScheduleFault();
                }
                return;
            case SimEventKind.Restart:
                SimNode down = _nodes[e.Node];
                if (!down.Alive && !down.Left && down.Life == e.Life)
                    Boot(down);
                return;
            case SimEventKind.Die:
                SimNode doomed = _nodes[e.Node];
                if (_faulting && doomed.Alive && doomed.Life == e.Life)
                    Crash(doomed);
                return;
            case SimEventKind.Resume:
                ResumeNode(_nodes[e.Node], e.Life);
                return;
            case SimEventKind.Uncut:
                Uncut(e.Node, e.From);
                return;
            case SimEventKind.LateEnd:
                EndLate(e.Number);
                return;
            case SimEventKind.Takeover:
                TakeOver();
                return;
            case SimEventKind.App:
                RunApp(_nodes[e.Node], e);
                return;
            case SimEventKind.Outside:
                ((Action)e.Subject!)();
                return;
        }
        SimNode node = _nodes[e.Node];
        if (node.Life != e.Life || !node.Alive)
            return;
        if (node.Paused)
        {
            node.Waiting.Add(e);
            return;
        }
        switch (e.Kind)
        {
            case SimEventKind.Frame:
                OnFrame(node, e);
                break;
            case SimEventKind.Tick:
                node.Core.Tick(Ms, _effects);
                DialTheGone(node);
                WatchConsumers(node);
                RetryAnswers(node);
                Add(node, SimEventKind.Tick, NodeTimes.Tick * 1000);
                EndInput(node);
                break;
            case SimEventKind.LateSuspect:
                SuspectLate(node, (SimNode)e.Subject!);
                break;
            case SimEventKind.TurnEnd:
                node.TurnPending = false;
                EndTurn(node);
                break;
            case SimEventKind.LinkUp:
                OnLinkUp(node, e);
                break;
            case SimEventKind.LinkDown:
                OnLinkDown(node, e);
                break;
            case SimEventKind.Consume:
                (ViewKey key, int rank) = ((ViewKey, int))e.Subject!;
                node.Core.Consumed(key, rank, e.Number);
                EndInput(node);
                break;
            case SimEventKind.Reply:
                Reply(node, e);
                break;
            case SimEventKind.Read:
                BeginRead(node);
                EndInput(node);
                break;
            case SimEventKind.HandlerEnd:
                EndHandler(node, (SimTask)e.Subject!);
                EndInput(node);
                break;
            case SimEventKind.StateChunk:
                SendChunk(node, (SimTransfer)e.Subject!);
                break;
            case SimEventKind.StateArrives:
                ReceiveChunk(node, e);
                break;
            case SimEventKind.StateTimeout:
                CheckProgress(node, e);
                break;
            case SimEventKind.Burst:
                RunClient(node);
                break;
            case SimEventKind.Client:
                _random.Enter(OccasionKind.Client, node.Index);
                RunClient(node);
                Add(node, SimEventKind.Client, _random.Between(Mix.ClientInterval / 2, Mix.ClientInterval * 2));
                break;
            default:
                throw new InvalidOperationException($"unhandled event {e.Kind}");
        }
    }

    /// <summary>An input is over; the turn ends now or, when inputs are batched, a little later.</summary>
    private void EndInput(SimNode node)
    {
        if (!node.Alive)
            return;
        if (Mix.Batching && !node.TurnPending)
        {
            Occasion outer = _random.Enter(OccasionKind.Turn, node.Index);
            if (_random.Chance(500))
            {
                node.TurnPending = true;
                Add(node, SimEventKind.TurnEnd, _random.Between(20, 400));
            }
            _random.Leave(outer);
        }
        if (node.TurnPending)
        {
            Carry(node);
            return;
        }
        EndTurn(node);
    }

    private void EndTurn(SimNode node)
    {
        node.Core.EndTurn(Ms, _effects);
        Carry(node);
        if (_late is not null)
            LetThrough(node);
    }
}

/// <summary>The schedule was to end here.</summary>
internal sealed class StopException : Exception;

/// <summary>A law that a schedule broke.</summary>
internal sealed record SimViolation(ulong Seed, string Law, string Text)
{
    /// <summary>The events that show it.</summary>
    public IReadOnlyList<ViolationPlace> At { get; init; } = [];
}

/// <summary>A moment at a node, by its index; microseconds of virtual time.</summary>
internal readonly record struct ViolationPlace(int Node, long Time);
