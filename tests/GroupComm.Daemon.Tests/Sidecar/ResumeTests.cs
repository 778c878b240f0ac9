using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>Law VS-22: within the window, on the same daemon, a client that comes back misses nothing and is told nothing twice.</summary>
public class ResumeTests
{
    [Fact]
    public async Task A_client_that_resumes_has_every_message_once()
    {
        const int Messages = 300, Breaks = 6;
        await using Daemon daemon = await Daemon.StartAsync();
        EventReader reader = await daemon.JoinAsync("?member=alice");
        string? lastId = (await reader.NextAsync("view")).Id;
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Messages; i++)
                Assert.Equal(200, (await daemon.PostAsync("/v1/groups/g/messages?wait=accepted", i.ToString(CultureInfo.InvariantCulture))).Status);
        }, Daemon.Ct);
        List<string?> texts = [];
        for (int part = 1; part <= Breaks; part++)
        {
            while (texts.Count < Messages * part / Breaks)
            {
                Event message = await reader.NextAsync("message"); // neither a view nor a reset: the membership lives on
                texts.Add(message.Text);
                lastId = message.Id;
            }
            if (part == Breaks)
                break;
            reader.Dispose();
            reader = await daemon.JoinAsync("?member=alice", lastId);
        }
        reader.Dispose();
        await sending;
        Assert.Equal(Enumerable.Range(0, Messages).Select(i => i.ToString(CultureInfo.InvariantCulture)), texts);
    }

    [Fact]
    public async Task The_member_stays_for_the_grace_period_and_others_see_no_view()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        EventReader broken = await daemon.JoinAsync("?member=alice&grace=60s");
        string? lastId = (await broken.NextAsync("view")).Id;
        using EventReader other = await daemon.JoinAsync("?member=bob");
        await other.NextAsync("view");
        await broken.NextAsync("view");
        broken.Dispose();
        await daemon.PostAsync("/v1/groups/g/messages", "meanwhile");
        Assert.Equal("meanwhile", (await other.NextAsync("message")).Text);
        using EventReader again = await daemon.JoinAsync("?member=alice", lastId);
        await again.NextAsync("view"); // that with bob: after the last id
        Assert.Equal("meanwhile", (await again.NextAsync("message")).Text);
    }

    [Fact]
    public async Task Without_grace_the_member_leaves_with_its_stream()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader other = await daemon.JoinAsync("?member=bob");
        await other.NextAsync("view");
        using (EventReader anonymous = await daemon.JoinAsync(""))
            await anonymous.NextAsync("view");
        await other.UntilAsync(each => each.Name == "view" && each.Data.GetProperty("left").GetArrayLength() == 1);
    }

    [Theory]
    [InlineData("9.9:9")]
    [InlineData("nonsense")]
    public async Task An_id_that_was_not_sent_gives_reset_first_and_then_a_view(string id)
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using (EventReader reader = await daemon.JoinAsync("?member=alice"))
            await reader.NextAsync("view");
        using EventReader again = await daemon.JoinAsync("?member=alice", id);
        await again.NextAsync("reset");
        await again.NextAsync("view");
        using EventReader stranger = await daemon.JoinAsync("?member=carol", "1.1:0");
        await stranger.NextAsync("reset");
        await stranger.NextAsync("view");
    }

    [Fact]
    public async Task A_key_sends_once_and_answers_the_same()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");
        (int Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            daemon.PostAsync("/v1/groups/g/messages?order=causal", "once"u8.ToArray(), ("Idempotency-Key", "k1"))));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("message").GetString()).Distinct());
        Assert.Equal(422, (await daemon.PostAsync("/v1/groups/g/messages?order=causal", "other"u8.ToArray(), ("Idempotency-Key", "k1"))).Status);
        await daemon.PostAsync("/v1/groups/g/messages", "last");
        Assert.Equal(["once", "last"], (await reader.UntilAsync(each => each.Name == "message" && each.Text == "last")).Select(each => each.Text));
    }

    [Fact]
    public async Task A_send_that_failed_does_not_use_up_its_key()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        Assert.Equal(404, (await daemon.PostAsync("/v1/groups/g/messages", "x"u8.ToArray(), ("Idempotency-Key", "k1"))).Status);
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");
        Assert.Equal(200, (await daemon.PostAsync("/v1/groups/g/messages", "x"u8.ToArray(), ("Idempotency-Key", "k1"))).Status);
        Assert.Equal("x", (await reader.NextAsync("message")).Text);
    }
}
