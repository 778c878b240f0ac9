using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace GroupComm.Daemon.Serve;

/// <summary>A node from its start to its end. What it says of views and waiting is the runtime's own log.</summary>
internal static class ServeRun
{
    // Between two looks whether the node is still one of the cluster.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // For requests under way when the daemon is told to stop.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(ServePlan plan, CancellationToken ct)
    {
        GroupCommOptions options = plan.Options;
        using var broken = new BrokenRule();
        using ILoggerFactory logs = Logs(plan, broken);
        using var signals = new Signals(options.LeaveTimeout + Drain);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, signals.Asked);
        await SeedNames.CheckAsync(options, logs.CreateLogger("GroupComm"), stop.Token).ConfigureAwait(false);
        using MetricsBook? metrics = plan.Http is null ? null : new MetricsBook(); // before the node: it hears of instruments as they are made
        ServeLog.Runs(logs.CreateLogger("GroupComm"), ServeLog.Version, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20);
        IGroupCommNode node = await GroupCommNode.StartAsync(options, logs, stop.Token).ConfigureAwait(false);
        using IDisposable? export = plan.Otlp is { } url ? Export(url, node) : null;
        using GatewayServer gateway = new(node, logs.CreateLogger("GroupComm.Gateway"));
        using IdleMemory memory = new();
        HttpHost? http = null;
        GatewayHost? programs = null;
        Task traffic = Task.CompletedTask;
        try
        {
            if (plan.Http is { } endpoint)
                http = await HttpHost.StartAsync(node, gateway, metrics!, endpoint, logs, stop.Token, plan.Access, stop.Cancel).ConfigureAwait(false);
            if (plan.Gateway is { } places)
                programs = await GatewayHost.StartAsync(gateway, places, stop.Token).ConfigureAwait(false);
            traffic = plan.Load?.RunAsync(node, stop.Token) ?? Task.CompletedTask;
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
            await Task.WhenAll(gateway.DrainAsync(Drain), http?.DrainAsync(Drain) ?? Task.CompletedTask).ConfigureAwait(false);
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
        finally
        {
            if (programs is not null)
                await programs.DisposeAsync().ConfigureAwait(false);
            if (http is not null)
                await http.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Apart, so that nothing of OpenTelemetry is loaded where nobody asked for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtlpExport Export(string url, IGroupCommNode node) => new(url, node.Id.ToString());

    private static ILoggerFactory Logs(ServePlan plan, BrokenRule broken) => LoggerFactory.Create(logging =>
    {
        const string Time = "yyyy-MM-dd HH:mm:ss.fff ";
        logging.SetMinimumLevel(plan.Level).AddProvider(broken);
        // Lines are written inside turns. Whoever reads them may stop: then lines are lost (and counted in a line), never the node.
        logging.AddConsole(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        if (plan.JsonLogs)
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp, console.IncludeScopes) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true, false));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.ColorBehavior) = (true, Time, LoggerColorBehavior.Disabled));
    });
}
