using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Containers.Tests.Torture;

/// <summary>Hurts one cluster as its random numbers say, one fault or two at a time, and mends it.</summary>
internal sealed class Tormentor(GroupCommCluster cluster, Random random, TortureTotals totals, Action<string> tell)
{
    private static readonly string[] s_kinds =
        ["kill", "kill", "kill-coordinator", "kill-two", "restart", "stop", "pause", "pause", "isolate", "cut-one-way", "cut-pair", "cut-halves", "ring", "reset"];

    /// <summary>Who was killed alone while all else was well, and when.</summary>
    public List<(string Name, long At)> Killed { get; } = [];

    public async Task RunAsync(TimeSpan time, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            await FaultAsync(s_kinds[random.Next(s_kinds.Length)], ct);
            if (random.Next(4) == 0) // a second one before the first is mended
                await FaultAsync(s_kinds[random.Next(s_kinds.Length)], ct);
            await Task.Delay(random.Next(50, 2500), ct);
            if (random.Next(3) != 0)
                await MendAsync(ct);
            await Task.Delay(random.Next(50, 700), ct);
        }
        await MendAsync(ct);
    }

    private async Task FaultAsync(string kind, CancellationToken ct)
    {
        int[] running = [.. cluster.Running.Select(node => node.Number)];
        int count = cluster.Nodes.Count;
        // Most of the time a majority could go on; now and then none can.
        if (running.Length == 0 || (running.Length * 2 <= count + 1 && kind is not ("reset" or "cut-one-way" or "isolate") && random.Next(8) != 0))
            return;
        int one = running[random.Next(running.Length)];
        int[] others = [.. Enumerable.Range(1, count).Where(number => number != one)];
        int other = others[random.Next(others.Length)];
        string what = $"n{one}";
        switch (kind)
        {
            case "kill" or "kill-coordinator":
                if (kind == "kill-coordinator")
                {
                    (_, string members) = await cluster[one].ViewAsync(ct);
                    if (members.Length > 0 && int.Parse(members.Split('#')[0][1..], System.Globalization.CultureInfo.InvariantCulture) is int first && running.Contains(first))
                        one = first;
                    what = $"n{one}";
                }
                if (running.Length == count)
                    Killed.Add(($"n{one}", GroupCommCluster.Now));
                await cluster.KillAsync(one, ct);
                break;
            case "kill-two":
                int[] two = [.. running.OrderBy(_ => random.Next()).Take(2)];
                what = string.Join(' ', two.Select(number => $"n{number}"));
                await cluster.KillAsync(two, ct);
                break;
            case "restart":
                await cluster.RestartAsync(one, ct);
                break;
            case "stop":
                await cluster.StopAsync(one, ct);
                break;
            case "pause":
                await cluster.PauseAsync(one, ct);
                break;
            case "isolate":
                await cluster.CutAsync([one], ct);
                break;
            case "cut-one-way":
                await cluster.CutOneWayAsync([one], random.Next(2) == 0 ? others : [other], ct);
                break;
            case "cut-pair":
                what += $" n{other}";
                await cluster.CutAsync([one], [other], ct);
                break;
            case "cut-halves":
                int[] half = [.. Enumerable.Range(1, count).OrderBy(_ => random.Next()).Take(count / 2)];
                what = string.Join(' ', half.Select(number => $"n{number}"));
                await cluster.CutAsync(half, ct);
                break;
            case "ring":
                what = "all";
                for (int node = 1; node <= count && count > 3; node++)
                    await cluster.CutAsync([node], [((node + 1) % count) + 1], ct);
                break;
            default:
                await cluster.ResetAsync(one, ct);
                break;
        }
        totals.Faults[kind] = totals.Faults.GetValueOrDefault(kind) + 1;
        tell($"{kind} {what}");
    }

    private async Task MendAsync(CancellationToken ct)
    {
        await cluster.HealAsync(ct);
        foreach (GroupCommContainer node in cluster.Nodes)
        {
            if (node.State == GroupCommContainerState.Paused)
                await cluster.ResumeAsync(node.Number, ct);
            else if (node.State == GroupCommContainerState.Ended)
                await cluster.RestartAsync(node.Number, ct);
        }
    }
}
