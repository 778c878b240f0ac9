using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Demo;

/// <summary>The demo from the first line to the verdict.</summary>
internal sealed class DemoShow(DemoPlan plan, WorkDirectory work, TextWriter output, CancellationToken ct)
{
    private readonly Playbill _say = new(output, plan.Json);

    public async Task<int> RunAsync()
    {
        using var input = new InputFile(plan.Input);
        _say.Plain(FormattableString.Invariant($"{plan.Nodes} node processes on this machine, {Orders.Name(plan.Order)} order; each sends {plan.Messages:N0} lines of {input.Name} ({input.Lines:N0} lines, {Size(input.Bytes)})"));
        IReadOnlyList<Burst> bursts = plan.Throughput ? await ThroughputAsync().ConfigureAwait(false) : [];
        Played played;
        using (var stage = new Stage(plan, input, work, _say, ct))
            played = await stage.RunAsync().ConfigureAwait(false);
        Judgement judgement = new Judge(plan, work, played).Run();
        bool ok = judgement.Ok && bursts.All(burst => burst.Hash.Length > 0);
        if (!ok)
            work.Keep();
        if (plan.Json)
            Json.Write(output, json => WriteJson(json, played, judgement, bursts, ok));
        else
            Summary(played, judgement, ok);
        return ok ? Exit.Ok : Exit.Violation;
    }

    private async Task<IReadOnlyList<Burst>> ThroughputAsync()
    {
        _say.Plain();
        _say.Plain("throughput: 3 processes, all sending, agreed, not traced; messages per second delivered at every node");
        IReadOnlyList<Burst> bursts = await BurstPhase.RunAsync(FormattableString.Invariant($"burst-{Environment.ProcessId}"), ct).ConfigureAwait(false);
        foreach (Burst burst in bursts)
            _say.Plain(FormattableString.Invariant($"{(burst.Size < 1024 ? $"{burst.Size} B" : $"{burst.Size / 1024} KiB"),10}  {burst.PerNodePerSecond,12:N0} /s  {burst.PerNodePerSecond * burst.Size / 1e6,8:N0} MB/s   {(burst.Hash.Length > 0 ? $"same sequence at all 3 (hash {burst.Hash} of {burst.Delivered:N0} messages)" : "DIFFERENT sequences (VS-15)")}"));
        _say.Plain();
        return bursts;
    }

    private void Summary(Played played, Judgement judgement, bool ok)
    {
        _say.Plain();
        _say.Plain(FormattableString.Invariant($"{judgement.Delivered:N0} deliveries in {played.Seconds:0.0} s, traced"));
        if (played.ViewChangeMs.Count > 0)
            _say.Plain(FormattableString.Invariant($"new view after SIGKILL of {played.Victim!.Name}: median {Median(played.ViewChangeMs):0.0} ms, max {played.ViewChangeMs.Max():0.0} ms of {played.ViewChangeMs.Count} survivors (--seed {plan.Seed})"));
        if (played.Fresh is not null)
            _say.Plain(FormattableString.Invariant($"{played.Fresh.Name} joined with state transfer: {played.Fresh.Restored:N0} messages were in the state that it got"));
        _say.Plain();
        foreach (Finding finding in judgement.Findings)
            _say.Plain($"  {(finding.Ok ? "yes" : "NO ")}  {finding.Text}");
        _say.Plain();
        if (plan.Trace is not null || !ok)
            _say.Plain($"traces: groupcomm check {Path.Combine(work.Path, "*.jsonl")}");
        _say.Plain(ok ? "OK" : "FAILED");
    }

    private void WriteJson(Utf8JsonWriter json, Played played, Judgement judgement, IReadOnlyList<Burst> bursts, bool ok)
    {
        json.WriteString("order", Orders.Name(plan.Order));
        json.WriteNumber("nodes", plan.Nodes);
        json.WriteNumber("delivered", judgement.Delivered);
        json.WriteNumber("lost", judgement.Lost);
        json.WriteNumber("duplicates", judgement.Duplicates);
        json.WriteNumber("reorderedPairs", judgement.ReorderedPairs);
        if (played.ViewChangeMs.Count > 0)
            json.WriteNumber("viewChangeMs", Math.Round(Median(played.ViewChangeMs), 2));
        else
            json.WriteNull("viewChangeMs");
        json.WriteBoolean("ok", ok);
        json.WriteNumber("viewChangeMaxMs", played.ViewChangeMs.Count > 0 ? Math.Round(played.ViewChangeMs.Max(), 2) : 0);
        json.WriteNumber("causalInversions", judgement.Inversions);
        if (played.Fresh?.Restored is { } transferred)
            json.WriteNumber("transferred", transferred);
        json.WriteNumber("messages", plan.Messages);
        json.WriteNumber("seconds", Math.Round(played.Seconds, 3));
        json.WriteString("victim", played.Victim?.Name);
        json.WriteNumber("seed", plan.Seed);
        json.WriteStartArray("throughput");
        foreach (Burst burst in bursts)
        {
            json.WriteStartObject();
            json.WriteNumber("size", burst.Size);
            json.WriteNumber("perNodePerSecond", Math.Round(burst.PerNodePerSecond));
            json.WriteString("deliveredHash", burst.Hash);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("failures");
        foreach (Finding finding in judgement.Findings.Where(each => !each.Ok))
            json.WriteStringValue(finding.Text);
        json.WriteEndArray();
        if (plan.Trace is not null || !ok)
            json.WriteString("trace", work.Path);
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Size(long bytes) => bytes < 100_000 ? FormattableString.Invariant($"{bytes / 1e3:0.0} kB") : FormattableString.Invariant($"{bytes / 1e6:0.0} MB");
}
