using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using GroupComm.Core;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Simulate;

/// <summary><c>groupcomm simulate</c>: the whole protocol on virtual time, one seed after the other.</summary>
internal static class SimulateCommand
{
    private const ulong DefaultLast = 1000;

    public static Command Create()
    {
        var seeds = new Option<string?>("--seeds") { Description = "Seeds to run, FIRST..LAST [default: 1..1000].", HelpName = "A..B" };
        var seed = new Option<string?>("--seed") { Description = "One seed.", HelpName = "N" };
        var nodes = new Option<string?>("--nodes") { Description = "Nodes of a schedule, 2 to 9 [default: 3..7].", HelpName = "N|MIN..MAX" };
        var faults = new Option<string?>("--faults") { Description = $"Only these faults, by commas [default: drawn by each seed]: {string.Join(", ", FaultList())}.", HelpName = "a,b,…" };
        var mutant = new Option<string>("--mutant") { Description = "Breaks one rule of the protocol on purpose; 'none' is the protocol.", HelpName = "NAME", DefaultValueFactory = _ => "none" };
        var list = new Option<bool>("--list-mutants") { Description = "Prints the names of the mutants, one per line." };
        var threads = new Option<int>("--threads") { Description = "Threads, 1 to 256; default: one per processor.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        var trace = new Option<string?>("--out", "--trace") { Description = "Where a violation's story, its smallest schedule and the diagram are written [default: the current directory].", HelpName = "DIR" };
        var noShrink = new Option<bool>("--no-shrink") { Description = "Only names a violation: no story, no smallest schedule, no diagram." };
        var schedule = new Option<string?>("--schedule") { Description = "Replays a written schedule instead of a seed.", HelpName = "FILE" };
        var replay = new Option<bool>("--replay") { Description = "Tells what happens in --seed N, in words." };
        var table = new Option<bool>("--mutant-table") { Description = "Prints docs/mutants.md: for each mutant the law, the seed, and the kinds of faults that find it. --seeds 1..N bounds it." };
        var pairs = new Option<bool>("--pairs") { Description = "Prints how many schedules had each pair of faults." };
        var resume = new Option<string?>("--resume") { Description = "Keeps the progress of a long run in this file and goes on from it; may be interrupted at any time.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts." };
        var command = new ExampledCommand("simulate",
            "Runs the whole protocol on virtual time under faults drawn from seeds. A violation names seed and law, and exits 1.",
            "groupcomm simulate --seeds 1..20000", "groupcomm simulate --seeds 1..2000 --mutant safe-on-own-ack", "groupcomm simulate --seed 17 --replay",
            "groupcomm simulate --schedule groupcomm-seed-17.schedule", "groupcomm simulate --seeds 1..2000000 --resume run.json")
        {
            seeds, seed, nodes, faults, mutant, list, threads, trace, noShrink, replay, schedule, table, pairs, resume, json,
        };
        command.SetAction(parsed =>
        {
            InvocationConfiguration to = parsed.InvocationConfiguration;
            string? range = parsed.GetValue(seeds), one = parsed.GetValue(seed);
            if (parsed.GetValue(list))
            {
                if (range is not null || one is not null)
                    throw new UsageException("--list-mutants runs nothing: leave out --seeds and --seed");
                foreach (ProtocolRules rules in Mutants.All)
                    to.Output.WriteLine(rules.Name);
                return Exit.Ok;
            }
            if (parsed.GetValue(table))
            {
                if (one is not null || (range is not null && Ranges.Parse(range, "--seeds").First != 1))
                    throw new UsageException("--mutant-table counts from seed 1: give --seeds 1..N, or leave it out");
                ulong most = range is null ? 100_000 : Ranges.Parse(range, "--seeds").Last;
                int survivors = new MutantTable(most, Math.Min(most, MutantTable.PerClass), parsed.GetValue(threads)).Write(to.Output, name => to.Error.WriteLine(name));
                return survivors == 0 ? Exit.Ok : Exit.Violation;
            }
            if (parsed.GetValue(schedule) is { } file)
            {
                if (range is not null || one is not null)
                    throw new UsageException("--schedule holds its own seed: leave out --seeds and --seed");
                return Violations.Replay(file, parsed.GetValue(trace), to.Output);
            }
            if (range is not null && one is not null)
                throw new UsageException("--seeds and --seed contradict each other: give one of them");
            if (parsed.GetValue(resume) is not null && (range is null || parsed.GetValue(replay)))
                throw new UsageException("--resume is for a long run: give --seeds FIRST..LAST with it, without --seed and --replay");
            if (parsed.GetValue(replay) && one is null)
                throw new UsageException("--replay tells one schedule: give --seed N instead of --seeds");
            if (parsed.GetValue(replay) && parsed.GetValue(json))
                throw new UsageException("--replay is for people: leave out --json");
            if (parsed.GetValue(threads) is < 1 or > 256)
                throw new UsageException("--threads is out of range: 1 to 256");
            (ulong first, ulong last) = range is not null ? Ranges.Parse(range, "--seeds") : one is not null ? Ranges.Parse(one, "--seed") : (1, DefaultLast);
            if (one is not null && first != last)
                throw new UsageException("--seed takes one number: use --seeds for a range");
            (int min, int max) = parsed.GetValue(nodes) is { } text ? Ranges.ParseNodes(text) : (3, 7);
            var plan = new SimulationPlan(first, last)
            {
                MinNodes = min,
                MaxNodes = max,
                Faults = ParseFaults(parsed.GetValue(faults)),
                Rules = ParseMutant(parsed.GetRequiredValue(mutant)),
                Threads = parsed.GetValue(threads),
            };
            var run = new SimulateRun(plan, parsed.GetValue(trace) ?? ".", !parsed.GetValue(noShrink), to.Output, to.Error);
            return parsed.GetValue(replay) ? run.Replay() : run.Run(parsed.GetValue(json), parsed.GetValue(pairs), parsed.GetValue(resume));
        });
        return command;
    }

    private static IEnumerable<string> FaultList() => Enum.GetValues<FaultKind>().Select(FaultNames.Of);

    private static FaultKind[] ParseFaults(string? text) =>
        text is null ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(name => FaultNames.TryParse(name, out FaultKind kind)
            ? kind
            : throw new UsageException($"--faults '{name}' is unknown: use some of {string.Join(", ", FaultList())}"))];

    private static ProtocolRules ParseMutant(string name) => Mutants.TryFind(name, out ProtocolRules rules)
        ? rules
        : throw new UsageException($"--mutant '{name}' is unknown: use none or one of {string.Join(", ", Mutants.All.Select(each => each.Name))}");
}
