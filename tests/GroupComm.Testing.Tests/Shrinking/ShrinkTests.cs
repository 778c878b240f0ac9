using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using GroupComm.Core;
using GroupComm.Testing.Shrinking;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Testing.Tests.Shrinking;

public sealed class ShrinkTests
{
    [Fact]
    public void A_written_schedule_plays_as_its_seed_does()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var cluster = new SimCluster();
            var plan = new SimulationPlan(seed, seed);
            string told = Told(cluster, () => cluster.Run(seed, ProtocolRules.Correct, 3, 7, []));
            Schedule schedule = Schedule.Record(plan, seed, new SimCluster(), out _);
            Assert.Equal(told, Told(cluster, () => schedule.Play(cluster)));
        }
    }

    [Fact]
    public void A_schedule_survives_its_file()
    {
        Report report = Caught("no-majority", 200);
        var text = new StringWriter();
        report.Schedule.Write(text);
        Schedule read = Schedule.Read(new StringReader(text.ToString()));
        var again = new StringWriter();
        read.Write(again);
        Assert.Equal(text.ToString(), again.ToString());
        Assert.Equal(Text(report), Text(Report.Of(read, report.Runs)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("groupcomm-schedule 1\nseed 1\nmutant zombie\n")]
    [InlineData("groupcomm-schedule 1\nseed 1\nmutant none\nnodes 3..7\nfaults -\nstop -1\nfault 0 0: 1\n")]
    public void Nonsense_is_no_schedule(string text) => Assert.Throws<FormatException>(() => Schedule.Read(new StringReader(text)));

    [Theory]
    [InlineData("no-majority", 300)]
    [InlineData("cut-from-own-knowledge", 300)]
    [InlineData("ignore-causal-hold", 100)]
    [InlineData("gap-after-reconnect", 300)]
    [InlineData("same-identity-after-restart", 100)]
    [InlineData("group-change-without-marks", 300)]
    public void A_mutant_is_cut_down_to_thirty_events_that_violate_the_same_law(string mutant, int seeds)
    {
        Report report = Caught(mutant, seeds);
        Assert.InRange(report.Inputs, 1, 30);
        Assert.Equal(report.Violation.Law, report.Schedule.Play(new SimCluster())!.Law);
        Assert.Equal(Text(report), Text(Caught(mutant, seeds)));
    }

    [Fact]
    public void A_seed_that_violates_nothing_has_no_report() => Assert.Null(Report.Of(new SimulationPlan(1, 1), 1));

    [Fact]
    public void The_diagram_is_xml_with_a_line_per_process_and_a_ring_at_the_violation()
    {
        Report report = Caught("no-majority", 300);
        XDocument svg = XDocument.Parse(report.Svg());
        string[] names = [.. Css(svg, "name").Select(e => e.Value)];
        Assert.Contains("n1", names);
        Assert.NotEmpty(Css(svg, "guilty"));
        Assert.NotEmpty(Css(svg, "arrow control"));
        Assert.Contains(report.Violation.Law, Css(svg, "title").Single().Value, StringComparison.Ordinal);
        Assert.Equal(report.Svg(), Caught("no-majority", 300).Svg());
    }

    private static XElement[] Css(XDocument svg, string css) => [.. svg.Descendants().Where(e => (string?)e.Attribute("class") == css)];

    private static Report Caught(string mutant, int seeds)
    {
        Assert.True(Mutants.TryFind(mutant, out ProtocolRules rules));
        var plan = new SimulationPlan(1, (ulong)seeds) { Rules = rules, Threads = 1 };
        SimViolation first = Simulator.Run(plan).Violations[0];
        return Report.Of(plan, first.Seed)!;
    }

    private static string Text(Report report)
    {
        var text = new StringWriter();
        report.WriteText(text);
        return text.ToString();
    }

    private static string Told(SimCluster cluster, Func<SimViolation?> play)
    {
        var text = new StringWriter();
        cluster.Story = (at, line) => text.Write($"{at} {line}\n");
        text.Write(play());
        return text.ToString();
    }
}
