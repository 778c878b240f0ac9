using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace GroupComm.Daemon.Children;

/// <summary>How every child begins: waits for its seeds, starts a node on a free port of the loopback, reports where.</summary>
internal static class ChildStart
{
    // A busy machine may stop a process for a second, which is no crash. A killed one is noticed at once, by its closed connections.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    public static async Task<IGroupCommNode> NodeAsync(Control control, string name, string cluster, int expected, string? trace, TimeSpan? silence = null)
    {
        string[] start = await control.NextAsync().ConfigureAwait(false);
        var options = new GroupCommOptions { Name = name, Cluster = cluster, Listen = "127.0.0.1:0", ExpectedNodes = expected, SuspicionTimeout = silence ?? Silence, TraceFile = trace };
        foreach (string seed in start[1].Split(',', StringSplitOptions.RemoveEmptyEntries))
            options.Seeds.Add(seed);
        var address = new BoundAddress();
        ILoggerFactory logs = LoggerFactory.Create(logging => logging
            .AddProvider(address)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            }));
        IGroupCommNode node = await GroupCommNode.StartAsync(options, logs).ConfigureAwait(false);
        control.Say("listening", address.Text, node.Id.ToString());
        return node;
    }

    /// <summary>Runs a child to its end; whatever goes wrong is told to the parent in one line.</summary>
    public static async Task<int> GuardAsync(Control control, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            return 0;
        }
        catch (Exception failure)
        {
            control.Say("failed", $"{failure.GetType().Name}: {failure.Message}".ReplaceLineEndings(" ").Replace('\t', ' '));
            Console.Error.WriteLine(failure); // read by the parent, shown when the demo fails
            return 1;
        }
    }
}
