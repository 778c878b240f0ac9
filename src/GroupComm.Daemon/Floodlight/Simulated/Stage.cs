using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Runtime.Serialization;
using GroupComm.Testing.Kit;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Floodlight.Simulated;

/// <summary>
/// A network with its controllers in the simulator: real cores, the program as it would run in a process, virtual time. All
/// delays come from the seed. Used from schedule to schedule, one per thread. Times are microseconds.
/// </summary>
internal sealed class Stage : IStage
{
    // Between a switch and a controller.
    private const int MinDelay = 100;
    private const int MaxDelay = 600;

    // Replicas are compared after each message in one of so many schedules: it costs more than all the rest.
    private const ulong ComparedEvery = 16;

    private readonly KitApp _app;
    private readonly SimRoom?[] _rooms = new SimRoom?[16];
    private readonly long[] _lastArrival = new long[16 * Fabric.Switches * 2];
    private Func<IControlRoom, Controller> _make = null!;
    private SimRandom _delays = new(0);
    private int _tenures;

    public Stage()
    {
        // A replica that was excluded may still try to send in a handler: that is refused, and its next life gets the state.
        var options = new SimulationOptions { HandlersMayThrow = true };
        _app = new KitApp(options, SetUpAsync, new MessagePackMessageSerializer());
        Cluster = new SimCluster { App = _app };
    }

    public SimCluster Cluster { get; }

    public Network Network { get; private set; } = new();

    public Judge Judge { get; private set; } = null!;

    /// <summary>Apart from what messages draw: the same under every approach.</summary>
    public SimRandom Random { get; private set; } = new(0);

    public StageCounts Counts { get; private set; } = new();

    public long Now => Cluster.Now;

    /// <summary>Looks on, for people; null: nobody does.</summary>
    public IStageWatch? Watch { get; set; }

    /// <summary>Controllers that live, by their place.</summary>
    public IEnumerable<SimRoom> Rooms => _rooms.OfType<SimRoom>().Where(room => room.Node.Alive && _app.ProcessOf(room.Node) == room.Process);

    IEnumerable<IPlayer> IStage.Players => Rooms;

    IPlayer? IStage.Master => Master;

    bool IStage.OnlySilence => false;

    public SimRoom? Master => Rooms.FirstOrDefault(static room => room.Leads);

    /// <summary>Controllers have joined, switches have connected, tables are right; answers what is not, or null.</summary>
    public string? Open(ulong seed, int controllers, Func<IControlRoom, Controller> make, Action<Network>? before = null)
    {
        _make = make;
        (Random, _delays) = (new SimRandom(seed ^ 0xF100D), new SimRandom(~seed));
        Array.Clear(_rooms);
        Array.Clear(_lastArrival);
        (Network, Counts, _tenures, _app.Compares) = (new Network(), new StageCounts(), 0, seed % ComparedEvery == 0);
        Judge = new Judge(Network);
        Cluster.BeginStage(seed, controllers, minDelay: 200 + Random.Below(400), jitter: 200 + Random.Below(600));
        for (int i = 0; i < 400 && !IsTogether(controllers); i++)
            Cluster.RunFor(5_000);
        if (!IsTogether(controllers))
            return "the controllers do not come together";
        before?.Invoke(Network);
        foreach (SimRoom room in Rooms)
            room.Connect();
        for (int i = 0; i < 20 && (i < 2 || Judge.Broken().Any()); i++)
            Cluster.RunFor(5_000);
        Cluster.RunFor(5_000); // what was told last is delivered everywhere
        Judge.Begin(Now);
        return Judge.IsWhole ? null : "the tables are not right before the race begins";
    }

    /// <summary>The race begins: what is counted, is counted from now on.</summary>
    public void Begin()
    {
        (Counts, Before) = (new StageCounts(), Cluster.Messages);
        foreach (SimRoom room in Rooms)
            room.Controller.CountAnew();
        Watch?.Begins(Now);
    }

    /// <summary>Multicasts before the race began.</summary>
    public long Before { get; private set; }

    public void Run(long time) => Cluster.RunFor(time);

    public void SetLink(int link, bool broken, bool onlyToMaster = false)
    {
        (int a, int b) = Fabric.Links[link];
        IReadOnlyList<SwitchReport> reports = Network.SetLink(link, broken);
        Judge.Look(Now);
        Tell($"the link between s{a} and s{b} is {(broken ? "broken" : "mended")}");
        Report(reports, onlyToMaster ? Master : null);
    }

    public void PowerOn(int number, byte[] oldTable)
    {
        Network.Switches[number].Keep(oldTable);
        IReadOnlyList<SwitchReport> reports = Network.SetPower(number, on: true);
        Judge.Look(Now);
        Tell($"s{number} comes up with old tables and connects");
        Report([.. reports.Where(report => report.Switch != number)], null);
        foreach (SimRoom room in Rooms)
            if (room.Connected)
                Send(room, SwitchReport.Hello(Network.Switches[number]));
    }

    public void Crash(IPlayer player) => Cluster.CrashProcess(((SimRoom)player).Node);

    public void CrashMachine(IPlayer player) => Cluster.CrashMachine(((SimRoom)player).Node);

    public void Pause(IPlayer player) => Cluster.PauseMachine(((SimRoom)player).Node);

    public void Resume(IPlayer player) => Cluster.Resume(((SimRoom)player).Node);

    public void StartAgain(IPlayer player) => Cluster.StartAgain(((SimRoom)player).Node);

    public void Leave(IPlayer player) => Cluster.Leave(((SimRoom)player).Node);

    public void Tell(string text) => Watch?.Happens(Now, -1, text);

    /// <summary>A report is on its way over the connection between a switch and a controller.</summary>
    public void Send(SimRoom to, SwitchReport report)
    {
        Counts.Reports++;
        long delay = Arrival(report.Switch, to, toSwitch: false);
        Watch?.Report(Now, Now + delay, to.Node.Index, report);
        Cluster.After(delay, () => to.Process.Later(0, () => to.Receive(report)));
    }

    /// <summary>A command is on its way.</summary>
    public void Command(SimRoom from, int to, byte[] table, FencingToken? generation)
    {
        Counts.Commands++;
        int tenure = from.Tenure;
        long sent = Now;
        Cluster.After(Arrival(to, from, toSwitch: true), () =>
        {
            Switch there = Network.Switches[to];
            if (!there.Powered)
                return;
            bool obeyed = there.Obey(table, generation, tenure);
            Counts.Refused += obeyed ? 0 : 1;
            Judge.Look(Now);
            Watch?.Command(sent, Now, from.Node.Index, to, obeyed);
        });
    }

    /// <summary>Asks a switch; what it says comes back.</summary>
    public void Ask(SimRoom from, int to, FencingToken? generation, Action<SwitchState> answer)
    {
        Counts.Asks++;
        Cluster.After(Arrival(to, from, toSwitch: true), () =>
        {
            Switch there = Network.Switches[to];
            if (!there.Powered || !there.Admit(generation))
                return;
            SwitchState state = there.Tell();
            Counts.Answers++;
            Cluster.After(Arrival(to, from, toSwitch: false), () => from.Process.Later(0, () => answer(state)));
        });
    }

    public int NewTenure() => ++_tenures;

    private void Report(IReadOnlyList<SwitchReport> reports, SimRoom? only)
    {
        foreach (SwitchReport report in reports)
            foreach (SimRoom room in Rooms)
                if (room.Connected && (only is null || only == room))
                    Send(room, report);
    }

    /// <summary>The delay until arrival: a connection keeps its order.</summary>
    private long Arrival(int number, SimRoom room, bool toSwitch)
    {
        ref long last = ref _lastArrival[(((room.Node.Index * Fabric.Switches) + number) * 2) + (toSwitch ? 1 : 0)];
        last = Math.Max(last + 1, Now + _delays.Between(MinDelay, MaxDelay));
        return last - Now;
    }

    private bool IsTogether(int controllers) => Rooms.Count(room => room.Controller.View?.Members.Count == controllers) == controllers;

    private async Task<SimulatedReplica> SetUpAsync(ISimulatedNode node)
    {
        var process = (KitProcess)node;
        var room = new SimRoom(this, process);
        room.Controller = _make(room);
        _rooms[process.Node.Index] = room;
        IGroup group = await room.Controller.StartAsync();
        if (Judge.HasBegun)
            room.Connect(); // a later one finds switches that run
        return new SimulatedReplica(group, room.Controller.Digest);
    }
}

/// <summary>Messages of a schedule between switches and controllers.</summary>
internal sealed class StageCounts
{
    public int Reports { get; set; }

    public int Commands { get; set; }

    /// <summary>Commands of a master that was replaced, refused.</summary>
    public int Refused { get; set; }

    public int Asks { get; set; }

    public int Answers { get; set; }
}
