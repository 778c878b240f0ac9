using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Demo;

namespace GroupComm.Daemon.Bench;

/// <summary><c>groupcomm bench</c>: measures this library, and beside it, in turns, what it is compared with.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var nodes = new Option<int>("--nodes") { Description = "Nodes, 2 to 9.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var senders = new Option<string>("--senders") { Description = "all, a number, or a list such as 1,3.", HelpName = "all|N|LIST", DefaultValueFactory = _ => "all" };
        var size = new Option<string>("--size") { Description = "Payload bytes, a list.", HelpName = "LIST", DefaultValueFactory = _ => "64,1024,10240,1048576" };
        var order = new Option<string>("--order") { Description = "fifo, causal, agreed or safe.", HelpName = "ORDER", DefaultValueFactory = _ => "agreed" };
        var seconds = new Option<double>("--seconds") { Description = "Of each burst, 0.1 to 600.", HelpName = "S", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each system, 1 to 1000; medians are printed.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var inFlight = new Option<int>("--inflight") { Description = "Own messages that a sender lets be under way; 0: what the window allows.", HelpName = "N" };
        var groups = new Option<int>("--groups") { Description = "Groups over which the messages are spread, 1 to 10000.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var latency = new Option<bool>("--latency") { Description = "One message in flight, from the sequencer and from another node." };
        var change = new Option<string?>("--view-change") { Description = "crash, leave, join or pause: time to the new view, and the stall that a steady sender sees.", HelpName = "KIND" };
        var state = new Option<long>("--state-transfer") { Description = "Bytes of state that a joiner gets, 1 to 10000000000: MB/s beside plain TCP.", HelpName = "BYTES" };
        var against = new Option<string>("--against") { Description = $"Measured in turns beside it: {string.Join(", ", BenchSystems.Names)}, or none.", HelpName = "LIST", DefaultValueFactory = _ => "raw" };
        var inside = new Option<bool>("--in-process") { Description = "All nodes in one process, over loopback TCP." };
        var html = new Option<string?>("--html") { Description = "Also writes a report with charts.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts." };
        var command = new ExampledCommand("bench",
            "Measures messages a second, latency and view changes through the public API, checks that all nodes were given the same, and compares with plain TCP in the same run.",
            "groupcomm bench", "groupcomm bench --latency --size 64", "groupcomm bench --view-change crash --nodes 5 --rounds 10", "groupcomm bench --html report.html", "groupcomm bench --against raw,nats,redis")
        {
            nodes, senders, size, order, seconds, rounds, inFlight, groups, latency, change, state, against, inside, html, json,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(latency) && parsed.GetValue(change) is not null)
                throw new UsageException("--latency and --view-change contradict each other: give one of them");
            if (parsed.GetValue(state) != 0 && (parsed.GetValue(latency) || parsed.GetValue(change) is not null))
                throw new UsageException("--state-transfer contradicts --latency and --view-change: give one of them");
            if (parsed.GetValue(state) is < 0 or > 10_000_000_000)
                throw new UsageException($"--state-transfer {parsed.GetValue(state)} is out of range: 1 to 10000000000");
            int count = InRange("--nodes", parsed.GetValue(nodes), 2, 9);
            var plan = new BenchPlan
            {
                Mode = parsed.GetValue(state) != 0 ? BenchMode.StateTransfer : parsed.GetValue(latency) ? BenchMode.Latency : parsed.GetValue(change) is null ? BenchMode.Throughput : BenchMode.ViewChange,
                Change = Kind(parsed.GetValue(change) ?? "crash"),
                Nodes = count,
                Senders = Senders(parsed.GetRequiredValue(senders), count),
                Sizes = Sizes(parsed.GetRequiredValue(size)),
                Order = Orders.Parse(parsed.GetRequiredValue(order)),
                Time = TimeSpan.FromSeconds(parsed.GetValue(seconds) is >= 0.1 and <= 600 and double time ? time : throw new UsageException("--seconds is out of range: 0.1 to 600")),
                Rounds = InRange("--rounds", parsed.GetValue(rounds), 1, 1000),
                InFlight = InRange("--inflight", parsed.GetValue(inFlight), 0, 1_000_000),
                Groups = InRange("--groups", parsed.GetValue(groups), 1, 10_000),
                Systems = [BenchSystems.GroupComm, .. Against(parsed.GetRequiredValue(against))],
                StateSize = parsed.GetValue(state),
                InProcess = parsed.GetValue(inside),
                Html = parsed.GetValue(html),
                Json = parsed.GetValue(json),
            };
            if (plan is { InProcess: true, Mode: BenchMode.ViewChange })
                throw new UsageException("--in-process cannot kill or stop a node: leave it out with --view-change");
            foreach (string peer in plan.Systems.Where(BenchSystems.Peers.ContainsKey))
            {
                if (plan.InProcess)
                    throw new UsageException($"--in-process and --against {peer} contradict each other: other systems are processes");
                Peers.PeerScript.Check(peer);
            }
            return Run(plan, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    private static int Run(BenchPlan plan, TextWriter output, TextWriter error)
    {
        using var stop = new CtrlC();
        try
        {
            return new BenchRun(plan, output, error).RunAsync(stop.Token).GetAwaiter().GetResult();
        }
        catch (Crew.BenchFailure failure)
        {
            error.WriteLine($"groupcomm bench: {failure.Message}");
            if (failure.Log.Length > 0)
                error.WriteLine(failure.Log);
            return Exit.Violation;
        }
    }

    private static int InRange(string option, int value, int low, int high) =>
        value >= low && value <= high ? value : throw new UsageException($"{option} {value} is out of range: {low} to {high}");

    private static int[] Senders(string text, int nodes)
    {
        if (text == "all")
            return [.. Enumerable.Range(1, nodes)];
        if (!text.Contains(',', StringComparison.Ordinal))
            return [.. Enumerable.Range(1, Number("--senders", text, 1, nodes))];
        return [.. text.Split(',').Select(each => Number("--senders", each, 1, nodes)).Distinct().Order()];
    }

    private static int[] Sizes(string text) => [.. text.Split(',').Select(each => Number("--size", each, 8, 64 << 20))];

    private static IEnumerable<string> Against(string text)
    {
        foreach (string each in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(each => each != "none"))
            yield return BenchSystems.Names.Contains(each) ? each : throw new UsageException($"--against '{each}' is unknown: use {string.Join(", ", BenchSystems.Names)}, or none");
    }

    private static ChangeKind Kind(string text) => Enum.TryParse(text, ignoreCase: true, out ChangeKind kind) && !char.IsDigit(text[0])
        ? kind
        : throw new UsageException($"--view-change '{text}' is unknown: use crash, leave, join or pause");

    private static int Number(string option, string text, int low, int high) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= low && number <= high
            ? number
            : throw new UsageException($"{option} '{text}' is no number from {low} to {high}");
}
