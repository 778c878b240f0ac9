using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>Slow clients, many clients, the end.</summary>
public class StreamTests
{
    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_alone()
    {
        const int Messages = 400;
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader quick = await daemon.JoinAsync("?member=quick");
        await quick.NextAsync("view");
        using EventReader slow = await daemon.JoinAsync("?member=slow");
        await quick.NextAsync("view");
        byte[] large = new byte[100_000]; // base64: 400 of them are 53 MB, far beyond the log and all buffers
        large[0] = 0xff;
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Messages; i++)
                Assert.Equal(200, (await daemon.PostAsync("/v1/groups/g/messages", large)).Status);
        }, Daemon.Ct);
        int got = 0;
        bool left = false;
        while (got < Messages || !left)
        {
            Event next = (await quick.NextAsync())!;
            got += next.Name == "message" ? 1 : 0;
            left |= next.Name == "view" && next.Data.GetProperty("left").EnumerateArray().Any(member => member.GetString()!.EndsWith("/slow", StringComparison.Ordinal));
        }
        await sending;
        Assert.Contains("groupcomm_http_clients_dropped_total 1\n", await daemon.Http.GetStringAsync("/metrics", Daemon.Ct));
    }

    [Fact]
    public async Task A_client_that_its_stream_and_the_timer_find_too_slow_is_counted_once()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using SidecarFigures figures = new();
        using SessionTable table = new(daemon.Node, figures, NullLogger.Instance);
        OpenStream slow = await table.OpenAsync("g", "slow", null, TimeSpan.Zero, Daemon.Ct);
        table.Drop(slow.Session);
        table.Drop(slow.Session);
        Assert.Equal((1, 0), (figures.DroppedCount, table.Count));
    }

    [Fact]
    public async Task Hundreds_of_clients_are_delivered_the_same()
    {
        const int Clients = 200;
        await using Daemon daemon = await Daemon.StartAsync();
        EventReader[] readers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => daemon.JoinAsync($"?member=m{i}")));
        await Task.WhenAll(readers.Select(reader => reader.UntilAsync(each => each.Data.GetProperty("members").GetArrayLength() == Clients)));
        for (int i = 0; i < 10; i++)
            await daemon.PostAsync("/v1/groups/g/messages?wait=accepted", $"{i}");
        List<Event>[] all = await Task.WhenAll(readers.Select(reader => reader.UntilAsync(each => each.Name == "message" && each.Text == "9")));
        Assert.All(all, events => Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), events.Select(each => each.Text)));
        foreach (EventReader reader in readers)
            reader.Dispose();
    }

    [Fact]
    public async Task A_drained_daemon_ends_streams_with_an_event_and_refuses_the_rest()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");
        await daemon.DrainAsync();
        await reader.NextAsync("left");
        Assert.Null(await reader.NextAsync());
        using HttpResponseMessage refused = await daemon.Http.GetAsync("/v1/view", Daemon.Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("draining", await refused.Content.ReadAsStringAsync(Daemon.Ct));
    }

    [Fact]
    public void The_log_takes_an_event_once_and_drops_at_the_front()
    {
        GroupLog log = new(maxEntries: 2);
        LogKey first = new(1, new GroupViewId(1, 1), 0, 0);
        foreach (LogKey key in (LogKey[])[first, first with { Position = 1 }, first, first with { Position = 1 }, first with { Position = 2 }])
            log.Append(key, 0, (_, _) => [1]);
        Assert.Equal((1, 3), (log.First, log.End));
        Assert.False(log.TryRead(0, out _));
        Assert.Equal(2, log.After(first.View, 1));
        Assert.Equal(-1, log.After(first.View, 0));
    }
}
