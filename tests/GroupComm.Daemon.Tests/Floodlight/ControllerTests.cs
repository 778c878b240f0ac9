using System;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;
using GroupComm.Daemon.Floodlight.World;
using Xunit;

namespace GroupComm.Daemon.Tests.Floodlight;

public class ControllerTests
{
    private static readonly Stage s_stage = new();

    [Fact]
    public void The_same_seed_gives_the_same_faults_under_every_approach()
    {
        string[] faults = [.. Approach.All.Select(approach =>
        {
            var first = new FirstFaults();
            var stage = new Stage { Watch = first };
            Assert.Null(Schedule.Play(stage, 5, Race.A, approach).Failure);
            return string.Join("; ", first.Texts);
        })];
        Assert.Single(faults.Distinct());
        Assert.Contains("broken", faults[0]);
    }

    [Fact]
    public void An_operator_rolls_a_change_back()
    {
        Assert.Null(s_stage.Open(1, 3, Approach.Find("transactional").Make));
        var operators = (Transactional)s_stage.Rooms.First(room => !room.Controller.IsMaster).Controller;
        SimRoom at = s_stage.Rooms.First(room => room.Controller == operators);
        Task<string>? pinned = null;
        at.Process.Later(0, () => at.Process.Call("pin", null, () => new ValueTask(pinned = operators.PinAsync(3, Switch.NoEntries())), static error => Assert.Null(error)));
        s_stage.Run(50_000);
        Assert.Equal(7, s_stage.Judge.Broken().Count(pair => pair.From == 3));
        at.Process.Later(0, () => at.Process.Call("roll back", null, () => new ValueTask(operators.RollBackAsync(pinned!.Result)), static error => Assert.Null(error)));
        s_stage.Run(50_000);
        Assert.Empty(s_stage.Judge.Broken());
    }

    [Fact]
    public void Self_stabilising_repairs_garbage_in_all_tables()
    {
        Assert.Null(s_stage.Open(2, 3, Approach.Find("self-stabilising").Make));
        var random = new Random(2);
        foreach (Switch each in s_stage.Network.Switches)
            each.Keep([.. Enumerable.Range(0, Fabric.Switches).Select(_ => (byte)random.Next(256))]);
        Assert.NotEmpty(s_stage.Judge.Broken());
        s_stage.Run(40_000);
        Assert.Empty(s_stage.Judge.Broken());
    }

    [Fact]
    public void A_set_of_facts_says_the_same_in_whatever_order_they_came()
    {
        Fact[] facts = [new(1, -1, 0, true), new(2, -1, 0, true), new(1, 2, 0, true), new(2, 1, 0, true), new(1, 2, 1, false), new(1, 2, 2, true), new(1, 2, 3, false)];
        var order = System.Collections.Generic.Comparer<Fact>.Create(static (a, b) => (a.Switch, a.Port, a.Version).CompareTo((b.Switch, b.Port, b.Version)));
        var rules = new FactRules(new(facts, order));
        var reversed = new FactRules(new(facts.Reverse(), order));
        for (int s = 0; s < Fabric.Switches; s++)
            for (int port = 0; port < Fabric.Ports(s); port++)
                Assert.Equal(rules.Up(s, port), reversed.Up(s, port));
        Assert.False(rules.Up(1, 2));
        Assert.True(new FactRules(new(facts[..6], order)).Up(1, Fabric.PortTo(1, 2)));
    }

    [Fact]
    public void Of_two_transactions_that_read_the_same_the_second_aborts()
    {
        var store = new TransactionStore();
        Transaction first = store.Run("a", new SwitchReport(0, 0, -1, 0b1111)), second = store.Run("b", new SwitchReport(1, 0, -1, 0b111));
        Assert.True(store.Certify(first));
        store.Commit(first);
        Assert.False(store.Certify(second));
        Transaction again = store.Run("c", second.Report!);
        Assert.True(store.Certify(again));
    }

    [Fact]
    public void A_switch_refuses_an_older_generation_and_obeys_commands_without_one()
    {
        var there = new Switch(0);
        byte[] table = Switch.NoEntries();
        Assert.True(there.Obey(table, FencingToken.Create(1, 2, 0), 2));
        Assert.False(there.Obey(table, FencingToken.Create(1, 1, 9), 1));
        Assert.Equal(0, there.StaleCommands);
        Assert.True(there.Obey(table, null, 1));
        Assert.Equal(1, there.StaleCommands);
    }

    [Fact]
    public void The_judge_tells_black_holes_from_loops()
    {
        var network = new Network();
        byte[][] tables = Routes.Compute(static (_, _) => true);
        foreach (Switch each in network.Switches)
            each.Obey(tables[each.Number], null, 1);
        var judge = new Judge(network);
        judge.Begin(0);
        Assert.True(judge.IsWhole);
        byte[] loop = [.. tables[1]];
        loop[0] = (byte)Fabric.PortTo(1, 2); // and 2 sends it back to 1
        network.Switches[1].Obey(loop, null, 1);
        judge.Look(1000);
        Assert.True(judge.Loops > 0);
        network.SetLink(0, broken: true);
        judge.Look(2000);
        Assert.True(judge.BlackHoles > 0);
        Assert.True(judge.HoleTime > 0);
        network.SetLink(0, broken: false);
        network.Switches[1].Obey(tables[1], null, 1);
        judge.Look(3000);
        Assert.Equal(2000, judge.RepairTime);
    }

    private sealed class FirstFaults : IStageWatch
    {
        private bool _begun;

        public System.Collections.Generic.List<string> Texts { get; } = [];

        public void Begins(long now) => _begun = true;

        public void Happens(long now, int controller, string text)
        {
            if (_begun && controller < 0)
                Texts.Add(text);
        }

        public void Report(long sent, long arrival, int controller, SwitchReport report)
        {
        }

        public void Command(long sent, long arrival, int controller, int to, bool obeyed)
        {
        }
    }
}
