using System.CommandLine;
using System.IO;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Demo;

namespace GroupComm.Daemon.Bench;

/// <summary><c>groupcomm bench</c>: measures this library, and beside it, in turns, what it is compared with.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        BenchOptions options = new();
        var command = new ExampledCommand("bench",
            "Measures messages a second, latency, view changes and what a node costs, through the public API; checks that all nodes were given the same, and compares with plain TCP in the same run.",
            "groupcomm bench", "groupcomm bench --latency --size 64", "groupcomm bench --view-change crash,leave --nodes 5 --rounds 10", "groupcomm bench --tls --size 10240",
            "groupcomm bench --conflict-keys 64", "groupcomm bench --html report.html", "groupcomm bench --against raw,nats,redis");
        foreach (Option option in options.All)
            command.Options.Add(option);
        command.SetAction(parsed => Run(options.Read(parsed), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
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
}
