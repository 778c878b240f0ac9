using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace GroupComm.Daemon.Serve;

/// <summary>A node from its start to its end. What it says of views and waiting is the runtime's own log.</summary>
internal static class ServeRun
{
    // Between two looks whether the node is still one of the cluster.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(GroupCommOptions options, Load? load, LogLevel level, CancellationToken ct)
    {
        using var broken = new BrokenRule();
        using ILoggerFactory logs = Logs(level, broken);
        using var signals = new Signals(options.LeaveTimeout);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, signals.Asked);
        await SeedNames.CheckAsync(options, logs.CreateLogger("GroupComm"), stop.Token).ConfigureAwait(false);
        IGroupCommNode node = await GroupCommNode.StartAsync(options, logs, stop.Token).ConfigureAwait(false);
        Task traffic = load?.RunAsync(node, stop.Token) ?? Task.CompletedTask;
        try
        {
            while (true)
            {
                // Throws when the node could not join, was excluded or broke.
                await node.WaitForPrimaryAsync(stop.Token).ConfigureAwait(false);
                if (traffic.IsFaulted)
                    await traffic.ConfigureAwait(false);
                await Task.Delay(Look, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await traffic.ConfigureAwait(false);
            await node.LeaveAsync(CancellationToken.None).ConfigureAwait(false);
            return Exit.Ok;
        }
        catch (ExcludedException) when (broken.Seen)
        {
            await node.DisposeAsync().ConfigureAwait(false);
            return Exit.Broken;
        }
        catch (GroupCommException)
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ILoggerFactory Logs(LogLevel level, BrokenRule broken) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level)
        .AddProvider(broken)
        // Lines are written inside turns. Whoever reads them may stop: then lines are lost (and counted in a line), never the node.
        .AddConsole(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
}
