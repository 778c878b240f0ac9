using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Security;

/// <summary>Laws Q3 and Q7: what strangers and greedy members may not disturb.</summary>
[Collection("alone")] // the memory is that of the process
public sealed class FloodTests(ITestOutputHelper output) : IDisposable
{
    /// <summary><c>GROUPCOMM_IDLE=10000</c> makes the longer run; file handles must suffice.</summary>
    private static readonly int Idle = int.TryParse(Environment.GetEnvironmentVariable("GROUPCOMM_IDLE"), out int idle) ? idle : 2000;

    private static readonly TimeSpan MostDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>What two windows hold of the flood's messages; without a bound it would be all of them.</summary>
    private static readonly long MostBefore = 2 * new GroupCommOptions().SendWindow / 1024;

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Idle_connections_and_slow_bytes_leave_views_and_memory_alone(bool tls)
    {
        await using TestCluster cluster = new(tcp: true, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options =>
        {
            if (tls)
                _certificates.Use(options.Name!, options);
        });
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        IPEndPoint target = IPEndPoint.Parse(nodes[0].View!.Members.Single(member => member.Id == nodes[0].Id).Address);
        await (await groups[0].SendBytesAsync(new byte[1], DeliveryOrder.Safe, Ct)).Safe;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<Socket> strangers = [];
        for (int i = 0; i < Idle; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            strangers.Add(socket);
            try
            {
                await socket.ConnectAsync(target, Ct);
                if (i % 2 == 0)
                    await socket.SendAsync(new byte[] { 0x16 }, Ct); // the first byte of a TLS record, and of an endless handshake
            }
            catch (SocketException)
            {
                // Refused at once: that is the limit at work.
            }
        }
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        TimeSpan[] delays = await DelaysAsync(groups[0], TimeSpan.FromSeconds(1));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Idle} connections: {memory >> 10} KiB, safe delay median {Median(delays).TotalMilliseconds:0.0} ms, longest {delays.Max().TotalMilliseconds:0.0} ms"));
        Assert.All(nodes, node => Assert.Equal((1, 3), (node.View!.Id, node.View!.Members.Count)));
        Assert.InRange(memory, long.MinValue, 32L << 20);
        Assert.InRange(Median(delays), TimeSpan.Zero, MostDelay);
        strangers.ForEach(socket => socket.Dispose());

        // And when they are gone, others get in.
        GroupCommOptions late = cluster.Options("n4", FreeAddress(), [target.ToString()]);
        if (tls)
            _certificates.Use("n4", late);
        IGroupCommNode fourth = await cluster.StartAsync(late);
        await fourth.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
    }

    [Fact]
    public async Task A_member_that_floods_leaves_the_views_and_the_others_delays_alone()
    {
        await using TestCluster cluster = new(tcp: true, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        long handled = 0;
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes((_, _, _) =>
        {
            Interlocked.Add(ref handled, i == 0 ? 1 : 0);
            return ValueTask.CompletedTask;
        }));
        TimeSpan[] calm = await DelaysAsync(groups[0], TimeSpan.FromSeconds(1));
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Task<long>[] floods = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            byte[] payload = new byte[1024];
            long sent = 0;
            for (; !enough.IsCancellationRequested; sent++)
                await groups[2].SendBytesAsync(payload, DeliveryOrder.Agreed, Ct);
            return sent;
        }, Ct))];
        List<long> before = []; // so many of the flood went before each
        TimeSpan[] flooded = await DelaysAsync(groups[0], Silence * 1.5, () => Interlocked.Read(ref handled), before);
        await enough.CancelAsync();
        long total = (await Task.WhenAll(floods)).Sum();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total / 3} messages a second of 1 KiB; safe delay median {Median(calm).TotalMilliseconds:0.0} ms calm, {Median(flooded).TotalMilliseconds:0.0} ms flooded, longest {flooded.Max().TotalMilliseconds:0.0} ms, behind {before.Order().ElementAt(before.Count / 2)} and at most {before.Max()} others"));
        Assert.All(nodes, node => Assert.Equal((1, 3), (node.View!.Id, node.View!.Members.Count)));
        Assert.InRange(before.Order().ElementAt(before.Count / 2), 0, MostBefore); // a number and no time: how long that many take depends on the machine
    }

    private static TimeSpan Median(TimeSpan[] delays) => delays.Order().ElementAt(delays.Length / 2);

    /// <summary>From send to safe, one after the other.</summary>
    private static async Task<TimeSpan[]> DelaysAsync(IGroup group, TimeSpan time, Func<long>? count = null, List<long>? counts = null)
    {
        List<TimeSpan> delays = [];
        for (long end = Environment.TickCount64 + (long)time.TotalMilliseconds; Environment.TickCount64 < end || delays.Count < 20;)
        {
            (long began, long first) = (Stopwatch.GetTimestamp(), count?.Invoke() ?? 0);
            await (await group.SendBytesAsync(new byte[1], DeliveryOrder.Safe, Ct)).Safe.WaitAsync(Limit, Ct);
            delays.Add(Stopwatch.GetElapsedTime(began));
            counts?.Add(count!() - first);
            await Task.Delay(10, Ct);
        }
        return [.. delays];
    }
}
