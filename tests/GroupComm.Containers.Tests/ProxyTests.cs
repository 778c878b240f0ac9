using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Testing.Laws;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Nodes in this process that know each other only through proxies: late bytes, reordering between connections, resets.</summary>
[Collection(Run.Beside)]
public sealed class ProxyTests
{
    [Fact]
    public async Task Spikes_of_latency_and_connections_that_end_break_no_law()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("groupcomm-proxy-");
        List<IGroupCommNode> nodes = [];
        int[] ports = [.. Enumerable.Range(0, 3).Select(_ => FreePorts.Next())];
        FaultyProxy[] proxies = [.. ports.Select((port, i) => new FaultyProxy("127.0.0.1", port, seed: i))];
        try
        {
            foreach (FaultyProxy proxy in proxies)
                proxy.DelayBetween(TimeSpan.Zero, TimeSpan.FromMilliseconds(30));
            for (int i = 0; i < 3; i++)
            {
                GroupCommOptions options = new()
                {
                    Name = $"n{i + 1}", Listen = $"127.0.0.1:{ports[i]}", Advertise = $"127.0.0.1:{proxies[i].Port}", ExpectedNodes = 3,
                    SuspicionTimeout = TimeSpan.FromSeconds(30), TraceFile = Path.Combine(folder.FullName, $"n{i + 1}.jsonl"),
                };
                foreach (FaultyProxy proxy in proxies)
                    options.Seeds.Add($"127.0.0.1:{proxy.Port}");
                nodes.Add(await GroupCommNode.StartAsync(options, ct));
            }
            int delivered = 0;
            IGroup[] groups = await Task.WhenAll(nodes.Select(node => node.JoinAsync("g", g => g.RegisterBytes((_, _, _) =>
            {
                Interlocked.Increment(ref delivered);
                return ValueTask.CompletedTask;
            }), ct))).WaitAsync(TimeSpan.FromSeconds(90), ct);
            for (int i = 0; i < 300; i++)
            {
                if (i % 100 == 50)
                    proxies[1].DelayBetween(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)); // for connections to come
                if (i % 60 == 30)
                    proxies[i / 60 % 3].ResetAll();
                DeliveryOrder order = (DeliveryOrder)(1 + (i % 4));
                await Task.WhenAll(groups.Select(group => group.SendBytesAsync(new byte[20], order, ct).AsTask())).WaitAsync(TimeSpan.FromSeconds(90), ct);
                await Task.Delay(10, ct); // real connections take real time
            }
            foreach (FaultyProxy proxy in proxies)
                proxy.DelayBetween(TimeSpan.Zero, TimeSpan.Zero);
            foreach (IGroup group in groups)
                await (await group.SendBytesAsync(new byte[1], DeliveryOrder.Safe, ct)).Safe.WaitAsync(TimeSpan.FromSeconds(90), ct);
            Assert.True(delivered > 900, $"{delivered} deliveries");
        }
        finally
        {
            foreach (IGroupCommNode node in nodes)
                await node.DisposeAsync();
            foreach (FaultyProxy proxy in proxies)
                await proxy.DisposeAsync();
        }
        using StringWriter text = new();
        int code = TraceCheck.Run([.. folder.EnumerateFiles().Select(file => file.FullName).Order(StringComparer.Ordinal)], text, text, json: false);
        folder.Delete(recursive: true);
        Assert.True(code == 0, text.ToString());
    }
}
