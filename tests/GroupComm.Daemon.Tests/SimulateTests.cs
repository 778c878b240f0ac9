using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace GroupComm.Daemon.Tests;

public class SimulateTests
{
    [Fact]
    public void The_protocol_passes()
    {
        Ran ran = Cli.InProcess("simulate", "--seeds", "1..100");
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        Assert.Contains("100 schedules", ran.Output);
        Assert.Contains("OK", ran.Output);
    }

    [Fact]
    public void Without_seeds_it_runs_the_first_thousand()
    {
        Ran ran = Cli.InProcess("simulate", "--mutant", "no-majority", "--no-shrink");
        Assert.Equal(1, ran.Code);
        Assert.Matches(@"seed \d{1,3} violates (VS|LV)-\d+: ", ran.Output);
        Assert.StartsWith("1,000 schedules of 2 nodes", Cli.InProcess("simulate", "--faults", "reset", "--nodes", "2").Output);
    }

    [Fact]
    public void A_mutant_is_caught_with_seed_and_law_and_is_told_cut_down_and_drawn()
    {
        using TemporaryDirectory directory = new();
        Ran ran = Cli.InProcess("simulate", "--seeds", "1..2000", "--mutant", "no-majority", "--out", directory.Path);
        Assert.Equal(1, ran.Code);
        Assert.Matches(@"seed \d+ violates (VS|LV)-\d+: ", ran.Output);
        Assert.Contains("cut down to", ran.Output);
        string[] files = Directory.GetFiles(directory.Path);
        string story = File.ReadAllText(Assert.Single(files, file => file.EndsWith("no-majority.txt", StringComparison.Ordinal)));
        Assert.Matches(@"violates (VS|LV)-\d+", story);
        Assert.Contains("starts", story);
        Assert.StartsWith("<svg", File.ReadAllText(Assert.Single(files, file => file.EndsWith(".svg", StringComparison.Ordinal))));
        string small = File.ReadAllText(Assert.Single(files, file => file.EndsWith(".shrunk.txt", StringComparison.Ordinal)));
        Ran again = Cli.InProcess("simulate", "--schedule", Assert.Single(files, file => file.EndsWith(".schedule", StringComparison.Ordinal)));
        Assert.Equal(1, again.Code);
        Assert.Equal(Body(small), Body(again.Output));

        static string Body(string text) => text[(text.IndexOf('\n', text.IndexOf('\n', StringComparison.Ordinal) + 1) + 1)..];
    }

    [Fact]
    public void Mutants_are_listed_one_per_line_and_nothing_else()
    {
        Ran ran = Cli.InProcess("simulate", "--list-mutants");
        Assert.Equal(0, ran.Code);
        string[] names = ran.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.True(names.Length >= 12);
        Assert.All(names, name => Assert.Matches("^[a-z-]+$", name));
        Assert.DoesNotContain("none", names);
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Json_has_the_keys_that_scripts_rely_on()
    {
        Ran ran = Cli.InProcess("simulate", "--seeds", "1..40", "--faults", "crash,partition", "--nodes", "3..5", "--json");
        Assert.Equal(0, ran.Code);
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        Assert.Equal(40, json.RootElement.GetProperty("schedules").GetInt64());
        Assert.True(json.RootElement.GetProperty("perSecond").GetDouble() > 0);
        Assert.Equal(0, json.RootElement.GetProperty("violations").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("faults").GetProperty("crash").GetInt64() > 0);
        Assert.Equal(0, json.RootElement.GetProperty("faults").GetProperty("pause").GetInt64());
        Assert.True(json.RootElement.GetProperty("faultPairs").GetProperty("crash+partition").GetInt64() > 0);
        Assert.True(json.RootElement.GetProperty("concurrentPairsReordered").GetInt64() >= 0);
        Assert.Equal("none", json.RootElement.GetProperty("mutant").GetString());
    }

    [Fact]
    public void A_long_run_goes_on_where_it_was_and_only_with_the_same_plan()
    {
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "run.json");
        Assert.Equal(0, Cli.InProcess("simulate", "--seeds", "1..30", "--nodes", "3", "--resume", file).Code);
        Ran more = Cli.InProcess("simulate", "--seeds", "1..50", "--nodes", "3", "--resume", file, "--json");
        Assert.Equal(0, more.Code);
        Ran whole = Cli.InProcess("simulate", "--seeds", "1..50", "--nodes", "3", "--json");
        Assert.Equal(Figures(whole), Figures(more));
        Ran other = Cli.InProcess("simulate", "--seeds", "1..60", "--nodes", "4", "--resume", file);
        Assert.Equal(2, other.Code);
        Assert.Contains("other --nodes", other.Error);
        File.WriteAllText(file, "{}");
        Assert.Contains("delete it to begin anew", Cli.InProcess("simulate", "--seeds", "1..60", "--resume", file).Error);

        static string Figures(Ran ran)
        {
            using JsonDocument json = JsonDocument.Parse(ran.Output);
            return string.Join(" ", new[] { "schedules", "faults", "faultPairs", "events", "messages", "views", "transfers", "concurrentPairsReordered" }.Select(key => json.RootElement.GetProperty(key).GetRawText()));
        }
    }

    [Fact]
    public void Pairs_of_faults_are_a_table()
    {
        Ran ran = Cli.InProcess("simulate", "--seeds", "1..60", "--pairs");
        Assert.Equal(0, ran.Code);
        Assert.Contains("schedules that had both faults", ran.Output);
        Assert.Matches(@"b  restart +\d", ran.Output);
    }

    [Fact]
    public void The_table_of_mutants_has_a_line_for_each_in_both_parts()
    {
        Ran ran = Cli.InProcess("simulate", "--mutant-table", "--seeds", "1..20");
        Assert.Equal(1, ran.Code); // twenty schedules cannot find all
        foreach (string name in Cli.InProcess("simulate", "--list-mutants").Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries))
            Assert.Equal(2, ran.Output.Split($"`{name}`").Length - 1);
        Assert.DoesNotContain("|  |", ran.Output);
    }

    [Fact]
    public void A_search_of_every_order_is_run_and_finds_a_mutant()
    {
        Ran ran = Cli.InProcess("explore", "--states", "2000");
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        Assert.Contains("2,000 states", ran.Output);
        Ran mutant = Cli.InProcess("explore", "--states", "60000", "--mutant", "no-majority");
        Assert.Equal(1, mutant.Code);
        Assert.Matches(@"violates VS-\d+ after \d+ steps", mutant.Output);
    }

    [Fact]
    public void A_seed_is_told_in_words()
    {
        Ran ran = Cli.InProcess("simulate", "--seed", "7", "--replay");
        Assert.Equal(0, ran.Code);
        Assert.Contains("starts", ran.Output);
        Assert.Contains("seed 7 violates nothing", ran.Output);
        Assert.Equal(ran.Output, Cli.InProcess("simulate", "--seed", "7", "--replay").Output);
    }
}
