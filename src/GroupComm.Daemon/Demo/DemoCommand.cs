using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Traces;

namespace GroupComm.Daemon.Demo;

/// <summary><c>groupcomm demo</c>: the main job on one machine.</summary>
internal static class DemoCommand
{
    // Of all nodes together: slow enough to watch on a laptop, and for time-outs to mean something while everything is traced.
    private const int DeliveriesPerSecond = 100_000;

    public static Command Create()
    {
        var nodes = new Option<int>("--nodes") { Description = "Node processes, 2 to 9.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var input = new Option<string?>("--input") { Description = "Sends the lines of this file, '-' for stdin [default: a list of countries and capitals].", HelpName = "FILE|-" };
        var order = new Option<string>("--order") { Description = "fifo, causal, agreed or safe.", HelpName = "ORDER", DefaultValueFactory = _ => "agreed" };
        var crash = new Option<bool>("--crash") { Description = "Kills a node at about 40 % and lets a fresh one join at about 60 % (default)." };
        var noCrash = new Option<bool>("--no-crash") { Description = "Kills nothing, and nobody joins later." };
        var trace = new Option<string?>("--trace") { Description = "Keeps one trace per process in this directory, for 'groupcomm check'.", HelpName = "DIR" };
        var messages = new Option<int>("--messages") { Description = "Messages of each node, 100 to 1000000.", HelpName = "M", DefaultValueFactory = _ => 20_000 };
        var rate = new Option<int?>("--rate") { Description = "Messages a second of each node, at most; 0: as fast as they are admitted [default: such that all nodes together deliver about 100000 a second].", HelpName = "R" };
        var seed = new Option<int?>("--seed") { Description = "Chooses which node is killed [default: by chance].", HelpName = "N" };
        var noThroughput = new Option<bool>("--no-throughput") { Description = "Leaves out the measurement before." };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts." };
        var command = new ExampledCommand("demo",
            "Starts node processes on this machine, lets all of them multicast, kills one with SIGKILL, lets a fresh one join, and judges what everybody delivered.",
            "groupcomm demo", "groupcomm demo --nodes 5 --order causal", "groupcomm demo --order safe --trace traces && groupcomm check traces/*.jsonl")
        {
            nodes, input, order, crash, noCrash, trace, messages, rate, seed, noThroughput, json,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(crash) && parsed.GetValue(noCrash))
                throw new UsageException("--crash and --no-crash contradict each other: give one of them");
            if (parsed.GetValue(nodes) is < 2 or > 9)
                throw new UsageException($"--nodes {parsed.GetValue(nodes)} is out of range: 2 to 9");
            if (parsed.GetValue(messages) is < 100 or > 1_000_000)
                throw new UsageException($"--messages {parsed.GetValue(messages)} is out of range: 100 to 1000000");
            if (parsed.GetValue(rate) is < 0 or > 10_000_000)
                throw new UsageException($"--rate {parsed.GetValue(rate)} is out of range: 0 (no limit) to 10000000");
            var plan = new DemoPlan(
                parsed.GetValue(nodes), parsed.GetValue(input), Orders.Parse(parsed.GetRequiredValue(order)), parsed.GetValue(messages),
                parsed.GetValue(rate) ?? DeliveriesPerSecond / (parsed.GetValue(nodes) * parsed.GetValue(nodes)), !parsed.GetValue(noCrash),
                TraceDirectory(parsed.GetValue(trace)), parsed.GetValue(seed) ?? Random.Shared.Next(1, 1000), !parsed.GetValue(noThroughput), parsed.GetValue(json));
            return Run(plan, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    private static int Run(DemoPlan plan, TextWriter output, TextWriter error)
    {
        using var stop = new CtrlC();
        using var work = new WorkDirectory(plan.Trace);
        try
        {
            return new DemoShow(plan, work, output, stop.Token).RunAsync().GetAwaiter().GetResult();
        }
        catch (DemoFailure failure)
        {
            work.Keep();
            // Beside the directory, for 'check DIR/*' reads all that is in it.
            string log = Path.TrimEndingDirectorySeparator(work.Path) + ".log";
            File.WriteAllText(log, failure.Log);
            error.WriteLine($"groupcomm demo: {failure.Message}; traces are in {work.Path}, what the processes said in {log}");
            return Exit.Violation;
        }
    }

    private static string? TraceDirectory(string? path)
    {
        if (path is null)
            return null;
        if (File.Exists(path))
            throw new UsageException($"--trace '{path}' is a file: name a directory");
        if (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.jsonl").Any())
            throw new UsageException($"--trace '{path}' holds the traces of an earlier run: empty it or name another directory");
        return Path.GetFullPath(path);
    }
}
