using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Law Q7 at the sidecar: one client that sends as fast as it can.</summary>
public class HttpFloodTests(ITestOutputHelper output)
{
    /// <summary>What the windows hold of such messages; without a bound it would be all that were posted.</summary>
    private static readonly long Most = new GroupCommOptions().SendWindow / 1024;

    [Fact]
    public async Task A_client_that_floods_leaves_the_view_and_the_delays_of_the_others_alone()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        long handled = 0;
        await using IGroup member = await daemon.Node.JoinAsync("g", g => g.RegisterBytes((_, _, _) =>
        {
            Interlocked.Increment(ref handled);
            return ValueTask.CompletedTask;
        }), Sidecar.Daemon.Ct);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Sidecar.Daemon.Ct);
        byte[] body = new byte[1024];
        Task<int>[] floods = [.. Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            int sent = 0;
            for (; !enough.IsCancellationRequested; sent++)
                await daemon.PostAsync("/v1/groups/g/messages?wait=accepted", body);
            return sent;
        }))];
        List<TimeSpan> delays = [];
        List<long> before = []; // so many went before it
        for (long end = Environment.TickCount64 + 3000; Environment.TickCount64 < end || delays.Count < 20; await Task.Delay(10, Sidecar.Daemon.Ct))
        {
            (long began, long first) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref handled));
            Assert.Equal(200, (await daemon.PostAsync("/v1/groups/g/messages?order=safe&wait=safe", "x")).Status);
            delays.Add(Stopwatch.GetElapsedTime(began));
            before.Add(Interlocked.Read(ref handled) - first);
        }
        await enough.CancelAsync();
        int total = (await Task.WhenAll(floods)).Sum();
        TimeSpan median = delays.Order().ElementAt(delays.Count / 2);
        long usual = before.Order().ElementAt(before.Count / 2);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total / 3} posts a second; another client's safe post: median {median.TotalMilliseconds:0.0} ms, longest {delays.Max().TotalMilliseconds:0.0} ms, behind {usual} and at most {before.Max()} others"));
        Assert.Equal(1, daemon.Node.View!.Id);
        Assert.True(daemon.Node.IsPrimary);
        Assert.InRange(usual, 0, Most); // a number and no time: how long that many take depends on the machine
    }
}
