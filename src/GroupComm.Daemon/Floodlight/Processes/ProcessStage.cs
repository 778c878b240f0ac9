using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Daemon.Demo;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Simulation;
using Judge = GroupComm.Daemon.Floodlight.World.Judge;
using Switch = GroupComm.Daemon.Floodlight.World.Switch;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>
/// The switches in this process, each controller in one of its own, with a real group between them over the loopback. One flow of
/// control: what controllers say is taken in while <see cref="Run"/> lets time pass.
/// </summary>
internal sealed class ProcessStage(Approach approach, int controllers, ulong seed, CancellationToken stop) : IStage, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(800);

    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<ProcessPlayer> _players = [];
    private readonly string _cluster = string.Create(CultureInfo.InvariantCulture, $"floodlight-{Environment.ProcessId}-{Environment.TickCount64 % 100_000}");
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _lastNews;
    private int _tenures;

    public SimRandom Random { get; } = new(seed ^ 0xF100D);

    public Network Network { get; } = new();

    public Judge Judge { get; private set; } = new(new Network());

    public IStageWatch? Watch { get; set; }

    public IEnumerable<ProcessPlayer> Living => _players.Where(static player => !player.IsGone);

    public IEnumerable<IPlayer> Players => Living;

    public IPlayer? Master => Living.FirstOrDefault(static player => player.Leads);

    public bool OnlySilence => true;

    private long Now => (long)Stopwatch.GetElapsedTime(_began).TotalMicroseconds;

    /// <summary>Controllers have met, switches have connected, tables are right: the race begins.</summary>
    public void Open(Race race)
    {
        for (int i = 0; i < controllers; i++)
            Start(i);
        _players[0].Process.Tell("start", "");
        Until(() => _players[0].Address is not null, "the first controller listens");
        foreach (ProcessPlayer player in _players.Skip(1))
            player.Process.Tell("start", _players[0].Address!);
        Until(() => _players.All(player => player.HasJoined && player.ViewSize == controllers) && Master is not null, "the controllers come together");
        Races.Prepare(race, Network, Random);
        foreach (ProcessPlayer player in Living)
            Connect(player);
        Judge = new Judge(Network);
        Until(() => !Judge.Broken().Any() && IsCalm, "the tables are right before the race begins");
        Judge.Begin(Now);
        Watch?.Begins(Now);
    }

    /// <summary>Until all that live are in one view, and have nothing more to say.</summary>
    public void Quiet() => Until(() => Master is not null && Living.All(player => player.ViewSize == Living.Count()) && IsCalm, "the controllers come to rest");

    /// <summary>Changes of the network that the last master does not know.</summary>
    public int Lost()
    {
        var master = (ProcessPlayer)Master!;
        master.Process.Tell("tell", "");
        Until(() => master.Knows is not null, $"{master.Name} tells what it knows");
        return Network.Switches.Sum(each => each.Unknown(master.Knows![each.Number]));
    }

    public void Run(long time)
    {
        long end = Now + (time * ProcessRoom.Slower);
        for (long left = end - Now; left > 0; left = end - Now)
            TakeOne(TimeSpan.FromMicroseconds(left));
    }

    public void Tell(string text) => Watch?.Happens(Now, -1, text);

    public void SetLink(int link, bool broken, bool onlyToMaster = false)
    {
        (int a, int b) = Fabric.Links[link];
        IReadOnlyList<SwitchReport> reports = Network.SetLink(link, broken);
        Judge.Look(Now);
        Tell($"the link between s{a} and s{b} is {(broken ? "broken" : "mended")}");
        Send(reports, onlyToMaster ? Master : null);
    }

    public void PowerOn(int number, byte[] oldTable)
    {
        Network.Switches[number].Keep(oldTable);
        IReadOnlyList<SwitchReport> reports = Network.SetPower(number, on: true);
        Judge.Look(Now);
        Tell($"s{number} comes up with old tables and connects");
        Send([.. reports.Where(report => report.Switch != number), SwitchReport.Hello(Network.Switches[number])], null);
    }

    public void Crash(IPlayer player)
    {
        var who = (ProcessPlayer)player;
        who.IsGone = true;
        who.Process.Kill();
    }

    // As its peers see it: connections that stay open, and nothing on them. It is killed at the end.
    public void CrashMachine(IPlayer player)
    {
        var who = (ProcessPlayer)player;
        who.IsGone = true;
        who.StandStill();
    }

    public void Pause(IPlayer player) => ((ProcessPlayer)player).StandStill();

    public void Resume(IPlayer player) => ((ProcessPlayer)player).GoOn();

    public void StartAgain(IPlayer player)
    {
        string seeds = string.Join(',', Living.Select(static other => other.Address));
        Start(((ProcessPlayer)player).Index).Process.Tell("start", seeds);
    }

    public void Leave(IPlayer player)
    {
        var who = (ProcessPlayer)player;
        who.IsGone = true;
        who.Process.Tell("leave", "");
    }

    public void Dispose()
    {
        foreach (ProcessPlayer player in _players)
            player.Process.Kill();
        foreach (ProcessPlayer player in _players)
            player.Process.Dispose();
    }

    private bool IsCalm => Stopwatch.GetElapsedTime(_lastNews) > Calm;

    private ProcessPlayer Start(int index)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"n{index + 1}");
        var child = new ChildProcess(name, ChildProgram.Command(
            ControllerNode.CommandName, "--name", name, "--cluster", _cluster, "--expected-nodes", PipeText.Of(controllers), "--approach", approach.Name), _reports.Writer);
        var player = new ProcessPlayer(this, child, index);
        _players.Add(player);
        return player;
    }

    private void Connect(ProcessPlayer player)
    {
        player.Connected = true;
        foreach (Switch each in Network.Switches)
            if (each.Powered)
                player.Report(SwitchReport.Hello(each));
    }

    private void Send(IReadOnlyList<SwitchReport> reports, IPlayer? only)
    {
        foreach (SwitchReport report in reports)
            foreach (ProcessPlayer player in Living)
                if (player.Connected && (only is null || only == player))
                    player.Report(report);
    }

    private void Until(Func<bool> reached, string what)
    {
        for (long began = Stopwatch.GetTimestamp(); !reached(); TakeOne(TimeSpan.FromMilliseconds(20)))
            if (Stopwatch.GetElapsedTime(began) > Limit)
                throw Failure(string.Create(CultureInfo.InvariantCulture, $"within {Limit.TotalSeconds:0} s not reached: {what}"));
    }

    /// <summary>Waits for one report, not for long.</summary>
    private void TakeOne(TimeSpan time)
    {
        stop.ThrowIfCancellationRequested();
        if (!_reports.Reader.TryRead(out Report report))
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            over.CancelAfter(time < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : time);
            try
            {
                report = _reports.Reader.ReadAsync(over.Token).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return;
            }
        }
        Take(_players.First(player => player.Process == report.From), report.Fields);
    }

    private void Take(ProcessPlayer player, string[] fields)
    {
        if (fields is not ["ask", ..])
            _lastNews = Stopwatch.GetTimestamp();
        switch (fields)
        {
            case ["listening", var address, _]:
                player.Address = address;
                break;
            case ["view", var members]:
                player.ViewSize = PipeText.Number(members);
                break;
            case ["groupview", var token, var first]:
                (player.Token, player.IsMaster) = (PipeText.Generation(token), first == player.Name);
                break;
            case ["claims"]:
                player.Tenure = ++_tenures;
                break;
            case ["joined", _]:
                player.HasJoined = true;
                if (Judge.HasBegun)
                    Connect(player); // a later one finds switches that run
                break;
            case ["note", var text]:
                Watch?.Happens(Now, player.Index, text);
                break;
            case ["command", var to, var table, var generation]:
                Obey(player, Network.Switches[PipeText.Number(to)], Convert.FromHexString(table), PipeText.Generation(generation));
                break;
            case ["ask", var question, var of, var generation]:
                Switch asked = Network.Switches[PipeText.Number(of)];
                bool answers = asked.Powered && asked.Admit(PipeText.Generation(generation));
                player.Process.Tell("answer", question, PipeText.Of(answers ? asked.Tell() : null));
                break;
            case ["told", _, _, var knows]:
                player.Knows = [.. knows.Split(' ').Select(static text => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
                break;
            case ["failed", var text] when !player.IsGone:
                throw Failure($"{player.Name}: {text}");
            case [] when !player.IsGone:
                throw Failure($"{player.Name} ended before its time");
            case ["failed", _] or []:
                break;
            default:
                throw new FormatException($"{player.Name} reported what is not understood: {string.Join(' ', fields)}");
        }
    }

    private void Obey(ProcessPlayer from, Switch to, byte[] table, FencingToken? generation)
    {
        if (!to.Powered)
            return;
        bool obeyed = to.Obey(table, generation, from.Tenure);
        Judge.Look(Now);
        Watch?.Command(Now, Now, from.Index, to.Number, obeyed);
    }

    private DemoFailure Failure(string text) => new(
        text, string.Join(Environment.NewLine, _players.Select(player => $"== {player.Name}{Environment.NewLine}{player.Process.Log}{Environment.NewLine}")));
}
