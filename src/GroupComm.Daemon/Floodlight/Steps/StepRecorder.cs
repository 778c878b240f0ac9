using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Diagrams;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Floodlight.Steps;

/// <summary>Plays one schedule and keeps what an animation of it needs.</summary>
internal sealed class StepRecorder : IStageWatch
{
    /// <summary>More would be a defect: the longest schedule has some hundreds.</summary>
    public const int MostSteps = 2_000;

    private const int MostFlights = 4_000;

    private readonly Stage _stage = new();
    private readonly Recorder _group = new();
    private readonly List<Step> _steps = [];
    private readonly List<Flight> _flights = [];
    private long _from = -1;

    private StepRecorder() => (_stage.Watch, _stage.Cluster.Watch) = (this, _group);

    public ScheduleOutcome Outcome { get; private set; } = new();

    public IReadOnlyList<Step> Steps => _steps;

    public IReadOnlyList<Flight> Flights => _flights;

    public static StepRecorder Play(ulong seed, Race race, Approach approach)
    {
        var recorder = new StepRecorder();
        recorder.Outcome = Schedule.Play(recorder._stage, seed, race, approach);
        if (recorder.Outcome.Failure is null)
            recorder.End();
        return recorder;
    }

    public void Begins(long now)
    {
        _from = now;
        Add(now, -1, -1, "the race begins: every pair of hosts has a way");
    }

    public void Happens(long now, int controller, string text) => Add(now, controller, -1, text);

    public void Report(long sent, long arrival, int controller, SwitchReport report) => Fly(FlightKind.Report, report.Switch, controller, sent, arrival);

    public void Command(long sent, long arrival, int controller, int to, bool obeyed)
    {
        Fly(FlightKind.Command, controller, to, sent, arrival);
        Add(arrival, controller, to, string.Create(CultureInfo.InvariantCulture, $"s{to} {(obeyed ? "takes" : "refuses")} a table of n{controller + 1}"));
    }

    private void End()
    {
        foreach (Arrow arrow in _group.Picture.Arrows)
            if (arrow.Received)
                Fly(arrow.IsData ? FlightKind.Multicast : FlightKind.View, arrow.From, arrow.To, arrow.Sent, arrow.End);
        int broken = Outcome.BlackHoles + Outcome.Loops;
        Add(_stage.Now, -1, -1, broken == 0 ? "quiet: every pair of hosts has a way" : string.Create(CultureInfo.InvariantCulture, $"quiet: {broken} pairs of hosts have no way, and never will"));
        _flights.Sort(static (a, b) => (a.Sent, a.Arrival, a.From, a.To).CompareTo((b.Sent, b.Arrival, b.From, b.To)));
    }

    private void Fly(FlightKind kind, int from, int to, long sent, long arrival)
    {
        if (_from >= 0 && arrival >= _from && _flights.Count < MostFlights)
            _flights.Add(new Flight(kind, from, to, sent - _from, arrival - _from));
    }

    private void Add(long now, int controller, int to, string text)
    {
        if (_from < 0 || _steps.Count == MostSteps)
            return;
        _steps.Add(new Step(
            now - _from, controller, to, text,
            [.. _stage.Cluster.Nodes.Select(StandingOf)],
            Bits(Fabric.Links.Count, _stage.Network.IsBroken),
            Bits(Fabric.Switches, s => _stage.Network.Switches[s].Powered),
            [.. _stage.Network.Switches.Select(static each => each.Table)], // a table is replaced, never changed
            [.. _stage.Judge.Broken()]));
    }

    private Standing StandingOf(SimNode node)
    {
        if (!node.Alive)
            return node.Left || node.LeaveAsked ? Standing.Left : Standing.Crashed;
        if (node.Paused)
            return Standing.Paused;
        return _stage.Rooms.FirstOrDefault(room => room.Node == node) switch
        {
            null or { HasJoined: false } => Standing.Joining,
            { Leads: true } => Standing.Master,
            { Controller.IsMaster: true } => Standing.Former,
            _ => Standing.Replica,
        };
    }

    private static int Bits(int count, Func<int, bool> of) => Enumerable.Range(0, count).Sum(i => of(i) ? 1 << i : 0);
}
