using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>Every path and every status of the HTTP surface.</summary>
public class RoutesTests
{
    [Fact]
    public async Task View_and_groups_are_told()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        Event first = await reader.NextAsync("view");
        Assert.Matches(@"^\d+\.\d+:0$", first.Id);
        Assert.Equal($"{daemon.Node.Id}/alice", first.Data.GetProperty("self").GetString());

        JsonElement view = await daemon.GetAsync("/v1/view");
        Assert.Equal("default", view.GetProperty("cluster").GetString());
        Assert.Equal(daemon.Node.View!.Id, view.GetProperty("id").GetInt64());
        Assert.True(view.GetProperty("primary").GetBoolean());
        JsonElement member = Assert.Single(view.GetProperty("members").EnumerateArray().ToArray());
        Assert.Equal(("n1", 0, daemon.Node.Id.Incarnation), (member.GetProperty("name").GetString(), member.GetProperty("rank").GetInt32(), member.GetProperty("incarnation").GetInt64()));
        Assert.Equal("n1", view.GetProperty("coordinator").GetString());

        JsonElement groups = await daemon.GetAsync("/v1/groups");
        Assert.Equal("g", groups.GetProperty("groups")[0].GetProperty("group").GetString());
        JsonElement group = await daemon.GetAsync("/v1/groups/g");
        Assert.Equal($"{daemon.Node.Id}/alice", group.GetProperty("view").GetProperty("members")[0].GetString());
        Assert.Equal(32, group.GetProperty("fencingToken").GetString()!.Length);
    }

    [Fact]
    public async Task A_message_is_delivered_with_its_type_and_its_sender_as_text_or_base64()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");

        (int status, JsonElement sent) = await daemon.PostAsync("/v1/groups/g/messages?wait=safe&order=safe", "größer"u8.ToArray(), ("Content-Type", "text/x-word"));
        Assert.Equal(200, status);
        Assert.Equal("safe", sent.GetProperty("stage").GetString());
        Event message = await reader.NextAsync("message");
        Assert.Equal(sent.GetProperty("message").GetString(), message.Data.GetProperty("id").GetString());
        Assert.Equal("größer", message.Text);
        Assert.Equal("text/x-word", message.Data.GetProperty("type").GetString());
        Assert.Equal("safe", message.Data.GetProperty("order").GetString());
        Assert.Equal(daemon.Node.Id.ToString(), message.Data.GetProperty("from").GetString());
        Assert.Equal(1, message.Data.GetProperty("position").GetInt64());
        Assert.EndsWith(":1", message.Id);

        await daemon.PostAsync("/v1/groups/g/messages?member=alice&order=fifo&type=word", [0xff, 0x00]);
        message = await reader.NextAsync("message");
        Assert.Equal([0xff, 0x00], message.Data.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal($"{daemon.Node.Id}/alice", message.Data.GetProperty("from").GetString());
        Assert.Equal("word", message.Data.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_media_type_is_bytes_to_a_handler_in_dot_net()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        TaskCompletionSource<string> got = new();
        await using IGroup member = await daemon.Node.JoinAsync("g", g => g.RegisterBytes((bytes, _, _) =>
        {
            got.TrySetResult(Encoding.UTF8.GetString(bytes));
            return ValueTask.CompletedTask;
        }), Daemon.Ct);
        await daemon.PostAsync("/v1/groups/g/messages", "{}"u8.ToArray(), ("Content-Type", "application/json"));
        Assert.Equal("{}", await got.Task.WaitAsync(Daemon.Limit, Daemon.Ct));
    }

    [Theory]
    [InlineData("GET", "/healthz/live", 200, null)]
    [InlineData("GET", "/healthz/ready", 200, null)]
    [InlineData("GET", "/", 200, null)]
    [InlineData("GET", "/v1/trace?last=5", 200, null)]
    [InlineData("GET", "/v1/explain", 200, null)]
    [InlineData("GET", "/v1/nothing", 404, "unknown-path")]
    [InlineData("GET", "/v1/groups/none", 404, "unknown-group")]
    [InlineData("POST", "/v1/groups/none/messages", 404, "unknown-group")]
    [InlineData("POST", "/v1/groups//messages", 400, "bad-group")]
    [InlineData("POST", "/v1/view", 405, "unknown-method")]
    [InlineData("GET", "/v1/groups/g/messages", 405, "unknown-method")]
    [InlineData("POST", "/v1/groups/g/messages?order=quick", 400, "unknown-order")]
    [InlineData("POST", "/v1/groups/g/messages?wait=long", 400, "unknown-stage")]
    [InlineData("POST", "/v1/groups/g/messages?wait=durable", 400, "not-durable")]
    [InlineData("POST", "/v1/groups/g/messages?timeout=5", 400, "bad-timeout")]
    [InlineData("POST", "/v1/groups/g/messages?timeout=2h", 400, "bad-timeout")]
    [InlineData("POST", "/v1/groups/g/messages?ordr=fifo", 400, "unknown-parameter")]
    [InlineData("POST", "/v1/groups/g/messages?order=fifo&order=safe", 400, "twice")]
    [InlineData("POST", "/v1/groups/g/messages?member=nobody", 404, "unknown-member")]
    [InlineData("GET", "/v1/groups/g/events?member=a%20b", 400, "bad-member")]
    [InlineData("GET", "/v1/groups/g/events?member=alice", 409, "name-taken")]
    [InlineData("GET", "/v1/trace?last=0", 400, "bad-last")]
    public async Task Every_request_has_its_status_and_every_refusal_a_code_and_a_fix(string method, string path, int status, string? code)
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");
        using HttpResponseMessage response = await daemon.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Daemon.Ct);
        Assert.Equal(status, (int)response.StatusCode);
        if (code is null)
            return;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Daemon.Ct)).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.NotEqual("", problem.GetProperty("fix").GetString());
        // The other client is unaffected, and nothing was half-done.
        await daemon.PostAsync("/v1/groups/g/messages", "after");
        Assert.Equal("after", (await reader.NextAsync("message")).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_oversized_body_is_refused_before_anything_is_sent(bool stated)
    {
        await using Daemon daemon = await Daemon.StartAsync(maxMessageSize: 1000);
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/groups/g/messages") { Content = new ByteArrayContent(new byte[1001]) };
        request.Headers.TransferEncodingChunked = !stated;
        using HttpResponseMessage response = await daemon.Http.SendAsync(request, Daemon.Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(200, (await daemon.PostAsync("/v1/groups/g/messages", new byte[1000])).Status);
        Assert.Equal(1, (await reader.NextAsync("message")).Data.GetProperty("position").GetInt64());
    }

    [Theory]
    [InlineData("Host", "evil.example", "foreign-host")]
    [InlineData("Origin", "http://evil.example", "foreign-origin")]
    [InlineData("Origin", "null", "foreign-origin")]
    [InlineData("Sec-Fetch-Site", "cross-site", "foreign-origin")]
    public async Task A_page_of_another_origin_is_refused(string header, string value, string code)
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/groups/g/messages") { Content = new ByteArrayContent([1]) };
        request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await daemon.Http.SendAsync(request, Daemon.Ct);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(code, await response.Content.ReadAsStringAsync(Daemon.Ct));
        Assert.Equal(200, (int)(await daemon.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/v1/view") { Headers = { { "Origin", $"http://127.0.0.1:{daemon.Port}" } } }, Daemon.Ct)).StatusCode);
    }

    [Fact]
    public async Task A_node_without_a_view_is_alive_and_not_ready_and_takes_no_messages()
    {
        await using Daemon daemon = await Daemon.StartAsync(wait: false, change: options => options.Seeds.Add($"127.0.0.1:{FreePorts.Next()}"));
        Assert.Equal(HttpStatusCode.OK, (await daemon.Http.GetAsync("/healthz/live", Daemon.Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await daemon.Http.GetAsync("/healthz/ready", Daemon.Ct)).StatusCode);
        using HttpResponseMessage refused = await daemon.Http.PostAsync("/v1/groups/g/messages", new ByteArrayContent([]), Daemon.Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("not-primary", await refused.Content.ReadAsStringAsync(Daemon.Ct));
        Assert.False((await daemon.GetAsync("/v1/view")).GetProperty("primary").GetBoolean());
        Assert.NotEqual(0, (await daemon.GetAsync("/v1/explain")).GetProperty("summary").GetArrayLength());
    }

    [Fact]
    public async Task Metrics_trace_and_snapshots_show_what_was_delivered()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        using EventReader reader = await daemon.JoinAsync("?member=alice");
        await daemon.PostAsync("/v1/groups/g/messages", "once");
        string metrics;
        var late = Stopwatch.StartNew();
        while (!(metrics = await daemon.Http.GetStringAsync("/metrics", Daemon.Ct)).Contains("groupcomm_delivery_latency_seconds_bucket{", StringComparison.Ordinal)) // told a little later
            Assert.True(late.Elapsed < Daemon.Limit, metrics);
        Assert.Contains("# TYPE groupcomm_messages_delivered_total counter\n", metrics);
        Assert.Contains("groupcomm_order=\"agreed\"", metrics);
        Assert.Contains("groupcomm_http_members 1\n", metrics);
        JsonElement delivery = (await daemon.GetAsync("/v1/trace")).GetProperty("deliveries").EnumerateArray().Last();
        Assert.Equal("g", delivery.GetProperty("group").GetString());
        string[] lines = (await daemon.Http.GetStringAsync("/v1/live?frames=1", Daemon.Ct)).Split('\n');
        JsonElement snapshot = JsonDocument.Parse(lines.Single(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]).RootElement;
        foreach (string part in (string[])["view", "members", "links", "timeline", "orders", "stability", "waiting", "flow", "recent", "groups"])
            Assert.True(snapshot.TryGetProperty(part, out _), part);
    }
}
