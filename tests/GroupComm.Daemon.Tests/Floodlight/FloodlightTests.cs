using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace GroupComm.Daemon.Tests.Floodlight;

public class FloodlightTests
{
    [Fact]
    public void Every_cell_is_as_its_design_promises()
    {
        Ran ran = Cli.InProcess("floodlight", "--schedules", "25", "--json");
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        Assert.Equal(25, json.RootElement.GetProperty("schedules").GetInt32());
        JsonElement[] cells = [.. json.RootElement.GetProperty("table").EnumerateArray()];
        Assert.Equal(8 * 7, cells.Length);
        foreach (JsonElement cell in cells)
        {
            Assert.True(cell.GetProperty("ok").GetBoolean(), cell.GetRawText());
            bool holes = cell.GetProperty("expected").GetString() == "holes";
            Assert.Equal(holes, cell.GetProperty("blackHoles").GetInt32() > 0);
            foreach (string key in new[] { "approach", "race", "blackHoleSeconds", "repairP50", "lost", "duplicates", "aborts", "messages" })
                Assert.True(cell.TryGetProperty(key, out _), key);
        }
        JsonElement Of(string approach, string race) => cells.Single(cell => cell.GetProperty("approach").GetString() == approach && cell.GetProperty("race").GetString() == race);
        Assert.Equal(25, Of("baseline", "A").GetProperty("blackHoles").GetInt32());
        Assert.True(Of("baseline", "A").GetProperty("lost").GetInt32() > 0);
        Assert.Equal(0, Of("case-by-case", "A").GetProperty("blackHoles").GetInt32());
        Assert.True(Of("transactional", "A").GetProperty("aborts").GetInt32() > 0);
        Assert.True(Of("case-by-case", "F").GetProperty("staleCommands").GetInt32() > 0);
        Assert.Equal(0, Of("virtual-synchrony", "F").GetProperty("staleCommands").GetInt32());
        Assert.True(Of("virtual-synchrony", "F").GetProperty("refusedCommands").GetInt32() > 0);
    }

    [Fact]
    public void A_cell_that_differs_is_named_and_exits_1()
    {
        var cell = new Daemon.Floodlight.Runs.Cell(Daemon.Floodlight.Controllers.Approach.Find("stateless"), Daemon.Floodlight.Script.Race.E);
        for (ulong seed = 1; seed <= 30; seed++)
            cell.Add(seed, new Daemon.Floodlight.Simulated.ScheduleOutcome { BlackHoles = seed == 7 ? 3 : 0 });
        Assert.False(cell.Ok);
        Assert.Contains("--race E --approach stateless --seed 7", Daemon.Floodlight.Runs.Reports.Complaint(cell));
        var silent = new Daemon.Floodlight.Runs.Cell(Daemon.Floodlight.Controllers.Approach.Find("baseline"), Daemon.Floodlight.Script.Race.A);
        for (ulong seed = 1; seed <= 30; seed++)
            silent.Add(seed, new Daemon.Floodlight.Simulated.ScheduleOutcome());
        Assert.False(silent.Ok); // a demonstration that shows nothing
        var failed = new Daemon.Floodlight.Runs.Cell(Daemon.Floodlight.Controllers.Approach.Find("replicated"), Daemon.Floodlight.Script.Race.B);
        failed.Add(1, new Daemon.Floodlight.Simulated.ScheduleOutcome { Failure = "VS-9: …" });
        Assert.False(failed.Ok);
    }

    [Fact]
    public void A_schedule_is_shown_step_by_step_and_is_the_same_each_time()
    {
        string[] baseline = ["floodlight", "--watch", "--race", "A", "--approach", "baseline", "--seed", "3"];
        Ran ran = Cli.InProcess(baseline);
        Assert.Equal(0, ran.Code); // the baseline is meant to fail
        Assert.Contains("ignores it: not the master", ran.Output);
        Assert.Contains("a black hole, for ever", ran.Output);
        Assert.Equal(ran.Output, Cli.InProcess(baseline).Output);
        Ran saved = Cli.InProcess("floodlight", "--watch", "--race", "A", "--approach", "virtual-synchrony", "--seed", "3");
        Assert.Equal(0, saved.Code);
        Assert.Contains("after quiet: 0 pairs broken, 0 changes", saved.Output);
        Assert.DoesNotContain("for ever", saved.Output);
    }

    [Fact]
    public void The_page_in_the_docs_is_what_the_command_writes()
    {
        using TemporaryDirectory directory = new();
        Ran ran = Cli.InProcess("floodlight", "--schedules", "20", "--docs", directory.Path);
        Assert.True(ran.Code == 0, ran.Output);
        string docs = Path.Combine(Root(), "docs");
        Assert.Equal(WithoutFigures(File.ReadAllText(Path.Combine(docs, "controller-race.md"))), WithoutFigures(File.ReadAllText(Path.Combine(directory.Path, "controller-race.md"))));
        foreach (string picture in new[] { "controller-race-fails.svg", "controller-race-saved.svg" })
            Assert.Equal(File.ReadAllText(Path.Combine(docs, picture)), File.ReadAllText(Path.Combine(directory.Path, picture)));

        static string WithoutFigures(string text) => Regex.Replace(text, @"(–|\d[\d,.]*( %)?)( / \d[\d,.]*)?", "#");
    }

    [Fact]
    public void The_page_in_the_docs_shows_holes_where_they_are_promised_and_nowhere_else()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Root(), "docs", "controller-race.md"));
        foreach (var approach in Daemon.Floodlight.Controllers.Approach.All)
        {
            string[] cells = lines.First(line => line.StartsWith($"| {approach.Name} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries)[2..^1];
            foreach (var race in Enum.GetValues<Daemon.Floodlight.Script.Race>())
                Assert.Equal(Daemon.Floodlight.Runs.Expectation.Of(approach, race) == Daemon.Floodlight.Runs.Promise.None, cells[(int)race] == "0");
        }
    }

    [Theory]
    [InlineData("--race 'H' is unknown: use A to G", "--race", "H")]
    [InlineData("--race '1' is unknown: use A to G", "--race", "1")]
    [InlineData("--show shows one schedule", "--show", "--race", "A")]
    [InlineData("--show is for people", "--show", "--race", "A", "--approach", "baseline", "--json")]
    [InlineData("give one of them", "--show", "--watch", "--race", "A", "--approach", "baseline")]
    [InlineData("--race 'G..A' runs backwards: write A..G", "--race", "G..A")]
    [InlineData("--approach 'magic' is unknown", "--approach", "magic")]
    [InlineData("--watch shows one schedule", "--watch")]
    [InlineData("--schedules is out of range", "--schedules", "0")]
    [InlineData("--docs writes the whole table", "--docs", "x", "--race", "A")]
    public void Bad_usage_is_one_line_that_says_what_to_do(string says, params string[] args)
    {
        Ran ran = Cli.InProcess(["floodlight", .. args]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(says, Assert.Single(ran.ErrorLines));
    }

    private static string Root()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "GroupComm.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("not in the repository");
        return at;
    }
}
