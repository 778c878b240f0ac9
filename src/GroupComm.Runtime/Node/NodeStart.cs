using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Runtime.Discovery;
using GroupComm.Runtime.Telemetry;
using GroupComm.Transport;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Node;

/// <summary>From checked options to a node that listens and dials.</summary>
internal static class NodeStart
{
    public static async Task<Node> RunAsync(NodePlan plan, Func<ILinkSink, ITransport> makeTransport, NodeLogs logs, NameLookup? lookup, CancellationToken ct)
    {
        ILogger log = logs.CreateLogger("GroupComm");
        SinkSwitch sink = new();
        ITransport transport = makeTransport(sink);
        try
        {
            await ListenAsync(transport, plan, ct).ConfigureAwait(false);
            DnsDiscovery? discovery = plan.Dns is { } name ? new DnsDiscovery(name, plan.Options.DnsRefresh, lookup) : null;
            string address = await OwnAddress.FindAsync(plan, transport.BoundAddress, discovery, ct).ConfigureAwait(false);
            NodeId self = new(plan.NameAt(address), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            logs.Rename(self.Name);
            int expected = plan.Expected(address);
            CoreOptions core = new()
            {
                Self = new NodeInfo(self, address, FeatureLevel.Newest),
                ExpectedNodes = expected,
                WallClockMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                Seed = (ulong)Random.Shared.NextInt64(1, long.MaxValue),
                Times = plan.Times,
                SendWindow = plan.Options.SendWindow,
            };
#if MUTANTS
            core = core with { Rules = MutantRules.Chosen };
#endif
            Node node = new(plan, core, transport, log);
            RuntimeLog.Started(log, self, plan.Options.Cluster, transport.BoundAddress, expected);
            sink.Connect(node.Links);
            WarmUp.Begin();
            node.Begin(plan.Seeds.Select(seed => seed.ToString()).Where(seed => seed != address), discovery);
            return node;
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task ListenAsync(ITransport transport, NodePlan plan, CancellationToken ct)
    {
        try
        {
            await transport.ListenAsync(plan.Listen.ToString(), ct).ConfigureAwait(false);
        }
        catch (TransportException error)
        {
            throw new JoinException(error.Step, error.Message, error);
        }
    }
}
