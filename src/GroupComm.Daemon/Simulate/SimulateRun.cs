using System;
using System.Globalization;
using System.IO;
using System.Text.Json;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Simulate;

/// <summary>Runs a plan and says what came of it.</summary>
internal sealed class SimulateRun(SimulationPlan plan, string directory, bool shrink, TextWriter output, TextWriter error)
{
    private const ulong Batch = 2_000;

    /// <param name="json">For scripts.</param>
    /// <param name="pairs">With the table of pairs.</param>
    /// <param name="resume">A progress file; null: the run is not kept.</param>
    public int Run(bool json, bool pairs = false, string? resume = null)
    {
        bool live = !json && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        ulong total = plan.Last - plan.First + 1;
        SimulationPlan shown = live ? plan with { Progress = done => Progress(done, total) } : plan;
        SimulationResult result = resume is null ? Simulator.Run(shown) : RunInBatches(resume, live, total);
        if (live)
            output.Write("\r\x1b[K");
        if (json)
            Json.Write(output, w => WriteJson(w, result));
        else
            WriteText(result);
        if (pairs && !json)
            PairTable.Write(result, output);
        foreach (SimViolation violation in result.Violations)
        {
            TextWriter to = json ? error : output;
            to.WriteLine(Story.Ending(violation));
            if (shrink)
                Violations.Write(plan, violation, directory, to);
        }
        return result.Violations.Count == 0 ? Exit.Ok : Exit.Violation;
    }

    private SimulationResult RunInBatches(string path, bool live, ulong total)
    {
        var progress = new ProgressFile(path, plan);
        progress.Read();
        for (ulong first = progress.Next; first <= plan.Last && progress.Total.Violations.Count == 0;)
        {
            ulong last = Math.Min(plan.Last, first + Batch - 1);
            SimulationResult batch = Simulator.Run(plan with { First = first, Last = last });
            bool broken = batch.Violations.Count > 0; // the batch is run again, and fails again, until the cause is found
            progress.Add(broken ? Only(batch) : batch, broken ? first : last + 1);
            first = last + 1;
            if (live)
                Progress((long)(first - plan.First), total);
        }
        return progress.Total;
    }

    private static SimulationResult Only(SimulationResult broken)
    {
        var result = new SimulationResult();
        result.Violations.AddRange(broken.Violations);
        return result;
    }

    /// <summary>Tells the story of the plan's first seed.</summary>
    public int Replay()
    {
        SimViolation? violation = Story.Tell(plan, plan.First, output);
        return violation is null ? Exit.Ok : Exit.Violation;
    }

    private void WriteText(SimulationResult result)
    {
        output.WriteLine(Inv($"{result.Schedules:N0} schedules of {Nodes()} nodes in {result.Seconds:0.0} s: {result.PerSecond:N0} schedules/s"));
        output.WriteLine(Inv($"{result.Events:N0} events, {result.Messages:N0} messages, {result.Views:N0} views installed, {result.Transfers:N0} states transferred"));
        output.Write("faults:");
        for (int i = 0; i < result.Faults.Length; i++)
            output.Write(Inv($" {FaultNames.Of((FaultKind)i)} {result.Faults[i]:N0}{(i + 1 < result.Faults.Length ? "," : "")}"));
        output.WriteLine();
        output.WriteLine(Inv($"concurrent causal messages delivered in different order: {result.Reordered:N0} pairs"));
        if (plan.Rules.Name != "none")
            output.WriteLine($"mutant {plan.Rules.Name}: {(result.Violations.Count > 0 ? "caught" : "not caught by these seeds; try more, as in --seeds 1..100000")}");
        else if (result.Violations.Count == 0)
            output.WriteLine("OK: no law was violated");
    }

    private void WriteJson(Utf8JsonWriter w, SimulationResult result)
    {
        w.WriteNumber("schedules", result.Schedules);
        w.WriteNumber("perSecond", Math.Round(result.PerSecond, 1));
        w.WriteStartArray("violations");
        foreach (SimViolation violation in result.Violations)
        {
            w.WriteStartObject();
            w.WriteNumber("seed", violation.Seed);
            w.WriteString("law", violation.Law);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStartObject("faults");
        for (int i = 0; i < result.Faults.Length; i++)
            w.WriteNumber(FaultNames.Of((FaultKind)i), result.Faults[i]);
        w.WriteEndObject();
        w.WriteStartObject("faultPairs");
        for (int i = 0; i < result.Faults.Length; i++)
            for (int j = i + 1; j < result.Faults.Length; j++)
                w.WriteNumber($"{FaultNames.Of((FaultKind)i)}+{FaultNames.Of((FaultKind)j)}", result.Pairs[i, j]);
        w.WriteEndObject();
        w.WriteNumber("concurrentPairsReordered", result.Reordered);
        w.WriteString("mutant", plan.Rules.Name);
        w.WriteNumber("events", result.Events);
        w.WriteNumber("messages", result.Messages);
        w.WriteNumber("views", result.Views);
        w.WriteNumber("transfers", result.Transfers);
        w.WriteNumber("seconds", Math.Round(result.Seconds, 3));
    }

    private void Progress(long done, ulong total)
    {
        lock (output)
            output.Write(Inv($"\r{done:N0} of {total:N0} schedules\x1b[K"));
    }

    private string Nodes() => plan.MinNodes == plan.MaxNodes ? Inv($"{plan.MinNodes}") : Inv($"{plan.MinNodes} to {plan.MaxNodes}");

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
