using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using GroupComm.Daemon.Sidecar.Watch;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>The files of the live page and what is gathered for it; how it looks and works, GroupComm.Page.Tests say.</summary>
public class PageTests
{
    [Fact]
    public async Task A_browser_is_given_the_page_and_a_program_the_list()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        Assert.StartsWith("groupcomm: a node", await daemon.Http.GetStringAsync("/", Daemon.Ct), StringComparison.Ordinal);
        using HttpResponseMessage page = await GetAsync(daemon, "/");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept", page.Headers.Vary);
    }

    [Fact]
    public async Task Every_file_is_there_under_a_strict_policy_and_names_no_other_host()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        string[] wanted = ["/", "/race"];
        for (int i = 0; i < wanted.Length; i++)
        {
            using HttpResponseMessage file = await GetAsync(daemon, wanted[i]);
            Assert.True(file.StatusCode == HttpStatusCode.OK, wanted[i]);
            string policy = Assert.Single(file.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", Assert.Single(file.Headers.GetValues("X-Content-Type-Options")));
            string text = await file.Content.ReadAsStringAsync(Daemon.Ct);
            Assert.DoesNotMatch(@"https?://(?!www\.w3\.org/)", text); // that of SVG is a name, nothing is loaded from it
            string[] named = [.. Regex.Matches(text, @"(?:""(/page/[\w.]+)"")|(?:from '\./([\w.]+)')").Select(match => match.Groups[1].Success ? match.Groups[1].Value : "/page/" + match.Groups[2].Value)];
            wanted = [.. wanted, .. named.Except(wanted)];
        }
        Assert.True(wanted.Length > 10, string.Join(' ', wanted));
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using HttpResponseMessage first = await GetAsync(daemon, "/page/main.js");
        using HttpRequestMessage again = new(HttpMethod.Get, "/page/main.js");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);
        using HttpResponseMessage second = await daemon.Http.SendAsync(again, Daemon.Ct);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using HttpResponseMessage none = await daemon.Http.GetAsync("/page/none.js", Daemon.Ct);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using HttpResponseMessage odd = await daemon.Http.GetAsync("/v1/live?peers=yes", Daemon.Ct);
        Assert.Equal("bad-peers", JsonDocument.Parse(await odd.Content.ReadAsStringAsync(Daemon.Ct)).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task While_somebody_looks_every_node_tells_its_round_trips_and_deliveries_and_then_no_more()
    {
        await using Daemon first = await Daemon.StartAsync(change: options => options.ExpectedNodes = 2, wait: false);
        await using Daemon second = await Daemon.StartAsync(change: options =>
        {
            options.Name = "n2";
            options.ExpectedNodes = 2;
            options.Seeds.Add(first.Listens);
        });
        await using IGroup member = await second.Node.JoinAsync("g", _ => { }, Daemon.Ct);
        while ((await first.PostAsync("/v1/groups/g/messages", "x")).Status != 200) // the join is known at the other node a little later
            await Task.Delay(50, Daemon.Ct);
        using (HttpResponseMessage stream = await first.Http.GetAsync("/v1/live?peers=true", HttpCompletionOption.ResponseHeadersRead, Daemon.Ct))
        using (EventReader reader = new(stream, await stream.Content.ReadAsStreamAsync(Daemon.Ct)))
        {
            JsonElement all = (await reader.UntilAsync(each =>
                each.Data.GetProperty("peers").GetArrayLength() == 2 && each.Data.GetProperty("links").EnumerateArray().All(link => link.GetProperty("rttMs").ValueKind == JsonValueKind.Number)
                && each.Data.GetProperty("peers").EnumerateArray().All(peer => peer.GetProperty("recent").GetArrayLength() > 0)))[^1].Data;
            Assert.All(all.GetProperty("links").EnumerateArray(), link => Assert.InRange(link.GetProperty("rttMs").GetDouble(), 0.001, Daemon.Limit.TotalMilliseconds));
            foreach (JsonElement peer in all.GetProperty("peers").EnumerateArray())
                Assert.Equal("g", Assert.Single(peer.GetProperty("recent").EnumerateArray()).GetProperty("group").GetString());
            Assert.NotNull(Watched(await first.GetAsync("/v1/groups")));
        }
        for (var late = Stopwatch.StartNew(); Watched(await second.GetAsync("/v1/groups")) is not null; await Task.Delay(50, Daemon.Ct))
            Assert.True(late.Elapsed < Daemon.Limit, "still watched");
    }

    [Fact]
    public void A_round_trip_is_the_median_of_the_latest_and_a_node_that_is_gone_is_forgotten()
    {
        RoundTrips trips = new();
        NodeId one = new("a", 1), gone = new("b", 2);
        trips.Add(gone, 1);
        foreach (double each in new[] { 900, 5, 1, 2, 3, 2, 2, 700, 2, 3.0 })
            trips.Add(one, each);
        Assert.Equal([(one, 2)], trips.Of([one]));
        Assert.Empty(trips.Of([gone]));
    }

    private static JsonElement? Watched(JsonElement groups) =>
        groups.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("group").GetString() == "groupcomm.page").Select(group => (JsonElement?)group).FirstOrDefault();

    private static async Task<HttpResponseMessage> GetAsync(Daemon daemon, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,*/*;q=0.8");
        return await daemon.Http.SendAsync(request, Daemon.Ct);
    }
}
