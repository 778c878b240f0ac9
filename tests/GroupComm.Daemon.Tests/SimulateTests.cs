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
    public void A_mutant_is_caught_with_seed_and_law_and_its_story_is_kept()
    {
        using TemporaryDirectory directory = new();
        Ran ran = Cli.InProcess("simulate", "--seeds", "1..2000", "--mutant", "no-majority", "--trace", directory.Path);
        Assert.Equal(1, ran.Code);
        Assert.Matches(@"seed \d+ violates (VS|LV)-\d+: ", ran.Output);
        string story = File.ReadAllText(Assert.Single(Directory.GetFiles(directory.Path)));
        Assert.Matches(@"violates (VS|LV)-\d+", story);
        Assert.Contains("starts", story);
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
    public void A_seed_is_told_in_words()
    {
        Ran ran = Cli.InProcess("simulate", "--seed", "7", "--replay");
        Assert.Equal(0, ran.Code);
        Assert.Contains("starts", ran.Output);
        Assert.Contains("seed 7 violates nothing", ran.Output);
        Assert.Equal(ran.Output, Cli.InProcess("simulate", "--seed", "7", "--replay").Output);
    }
}
