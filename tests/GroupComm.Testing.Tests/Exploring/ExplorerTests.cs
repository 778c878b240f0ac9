using System;
using System.Collections.Generic;
using System.IO;
using GroupComm.Core;
using GroupComm.Testing.Exploring;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Testing.Tests.Exploring;

public sealed class ExplorerTests
{
    private static readonly ExplorePlan Small = new() { Joiners = 0, Crashes = 1, Suspicions = 0, Messages = [], Ticks = 1 };

    [Fact]
    public void A_small_scope_is_searched_to_its_end()
    {
        ExploreResult result = new Explorer(Small with { States = 1_000_000 }).Run();
        Assert.True(result.Law is null, $"{result.Law}: {result.Text}\n{string.Join('\n', result.Path)}");
        Assert.True(result.Complete);
        Assert.InRange(result.States, 100, 999_999);
        Assert.True(result.Ends > 0);
    }

    [Fact]
    public void Two_crashes_a_joiner_a_false_suspicion_and_two_messages_keep_every_law_as_far_as_ci_looks()
    {
        foreach (ulong shuffle in new ulong[] { 0, 1, 2 })
        {
            ExploreResult result = new Explorer(new ExplorePlan { States = 10_000, Shuffle = shuffle }).Run();
            Assert.True(result.Law is null, $"{result.Law}: {result.Text}\n{string.Join('\n', result.Path)}");
            Assert.Equal(10_000, result.States);
        }
    }

    /// <summary>Which orders of the search find it within so few states depends on every bit of state; one of five is enough.</summary>
    [Fact]
    public void A_mutant_is_found_with_the_steps_to_it()
    {
        Assert.True(Mutants.TryFind("no-majority", out ProtocolRules rules));
        ExploreResult result = new Explorer(new ExplorePlan { States = 60_000, Rules = rules, Shuffle = 0 }).Run();
        for (ulong shuffle = 1; shuffle < 5 && result.Law is null; shuffle++)
            result = new Explorer(new ExplorePlan { States = 60_000, Rules = rules, Shuffle = shuffle }).Run();
        Assert.NotNull(result.Law);
        Assert.NotEmpty(result.Path);
        Assert.NotNull(result.Text);
    }

    [Fact]
    public void A_step_back_restores_everything()
    {
        var world = new World(new ExplorePlan());
        var steps = new List<Step>();
        var random = new SimRandom(7);
        for (int walk = 0; walk < 60; walk++)
        {
            steps.Clear();
            world.Steps(steps);
            if (steps.Count == 0)
                break;
            ulong before = world.Hash();
            var after = new Dictionary<Step, ulong>();
            for (int round = 0; round < 2; round++)
                foreach (Step step in steps)
                {
                    World.Past past = world.Save(step);
                    world.Do(step);
                    if (round == 0)
                        after[step] = world.Hash();
                    else
                        Assert.Equal(after[step], world.Hash());
                    world.Back(past);
                    Assert.Equal(before, world.Hash());
                }
            world.Do(steps[random.Below(steps.Count)]);
        }
    }

    [Fact]
    public void A_search_that_was_interrupted_goes_on_where_it_stood()
    {
        string file = Path.Combine(Path.GetTempPath(), $"search-{Guid.NewGuid():n}.bin");
        try
        {
            ExploreResult whole = new Explorer(Small with { States = long.MaxValue }).Run();
            ExploreResult part = new Explorer(Small with { States = whole.States / 3 }).Run(file);
            Assert.False(part.Complete);
            ExploreResult rest = new Explorer(Small with { States = long.MaxValue }).Run(file);
            Assert.True(rest.Complete);
            Assert.Equal(whole.States, rest.States);
            Assert.Throws<InvalidDataException>(() => new Explorer(Small with { Crashes = 0 }).Run(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
