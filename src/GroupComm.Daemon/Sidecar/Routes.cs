using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Daemon.Sidecar.Events;
using GroupComm.Daemon.Sidecar.Json;
using GroupComm.Daemon.Sidecar.Metrics;
using GroupComm.Daemon.Sidecar.Page;
using GroupComm.Daemon.Sidecar.Posts;
using GroupComm.Daemon.Sidecar.Watch;
using GroupComm.Runtime.Inspection;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar;

/// <summary>What the paths mean.</summary>
internal sealed class Routes(
    IGroupCommNode node, INodePort port, SessionTable sessions, MessagePost post, ViewHistory history, DeliveryRing recent, MetricsBook metrics,
    ClusterWatch watch, GatewayServer gateway, HttpAccess access, Action leave)
{
    private const int MostTraced = 1024;
    private const int LongestGroup = 256;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(500);

    /// <summary>The daemon is about to stop.</summary>
    public CancellationTokenSource Draining { get; } = new();

    public Task AnswerAsync(HttpContext context)
    {
        string[] path = (context.Request.Path.Value ?? "/").Trim('/') is { Length: > 0 } text ? text.Split('/') : [];
        if (Draining.IsCancellationRequested && path is not ["healthz", ..] and not ["metrics"])
            throw Problem.Draining();
        return path switch
        {
            ["healthz", "live"] => Get(context, LiveAsync),
            ["healthz", "ready"] => Get(context, ReadyAsync),
            ["metrics"] => Get(context, MetricsAsync),
            ["v1", "view"] => Get(context, ctx => Reply.JsonAsync(ctx, 200, json => ViewJson.Cluster(json, node, port.Cluster, history))),
            ["v1", "groups"] => Get(context, ctx => Reply.JsonAsync(ctx, 200, json => ViewJson.Groups(json, port.Groups))),
            ["v1", "groups", string group] => Get(context, ctx => GroupAsync(ctx, Group(group))),
            ["v1", "groups", string group, "messages"] => Method(context, HttpMethods.Post, ctx => post.AnswerAsync(ctx, Group(group))),
            ["v1", "groups", string group, "events"] => Get(context, ctx => EventsAsync(ctx, Group(group)), "member", "grace"),
            ["v1", "explain"] => Get(context, ExplainAsync),
            ["v1", "trace"] => Get(context, TraceAsync, "last"),
            ["v1", "gateway"] => Get(context, ctx => GatewaySocket.AnswerAsync(ctx, gateway, access.AskedOf(ctx))),
            ["v1", "admin", "leave"] => Method(context, HttpMethods.Post, LeaveAsync),
            ["v1", "live"] => Get(context, SnapshotsAsync, "frames", "peers"),
            ["v1", "race"] => Get(context, RaceJson.AnswerAsync, "race", "approach", "seed"),
            ["race"] => Get(context, ctx => PageFiles.AnswerAsync(ctx, "race.html"), "race", "approach", "seed"),
            ["page", string file] => Get(context, ctx => PageFiles.AnswerAsync(ctx, file)),
            [] => Get(context, PageAsync),
            _ => throw new Problem(404, "unknown-path", $"there is nothing at {context.Request.Path}", "docs/sidecar.md lists the paths; GET / does too"),
        };
    }

    private static Task Get(HttpContext context, Func<HttpContext, Task> answer, params string[] parameters)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw new Problem(405, "unknown-method", $"{context.Request.Method} does nothing here", "use GET") { Allow = "GET, HEAD" };
        Query.Allow(context.Request, parameters);
        return answer(context);
    }

    private static Task Method(HttpContext context, string method, Func<HttpContext, Task> answer) =>
        HttpMethods.Equals(context.Request.Method, method) ? answer(context)
        : throw new Problem(405, "unknown-method", $"{context.Request.Method} does nothing here", $"use {method}") { Allow = method };

    internal static string Group(string text)
    {
        string name = Uri.UnescapeDataString(text);
        return name.Length is > 0 and <= LongestGroup ? name
            : throw Problem.Bad("bad-group", $"a group's name has 1 to {LongestGroup} characters", name.Length == 0 ? "put it between the slashes: /v1/groups/GROUP" : "shorten it");
    }

    /// <summary>What SIGTERM does; answered first.</summary>
    private async Task LeaveAsync(HttpContext context)
    {
        access.CheckAdmin(context);
        await Reply.JsonAsync(context, 202, json => json.WriteString("status", "leaving")).ConfigureAwait(false);
        context.Response.OnCompleted(() =>
        {
            ThreadPool.UnsafeQueueUserWorkItem(static act => act(), leave, preferLocal: false);
            return Task.CompletedTask;
        });
    }

    private Task LiveAsync(HttpContext context) => Reply.JsonAsync(context, 200, json => json.WriteString("status", "alive"));

    private Task ReadyAsync(HttpContext context)
    {
        string? reason = Draining.IsCancellationRequested ? "this daemon is about to stop" : node.IsPrimary ? null : node.Waiting ?? "not in a primary view";
        if (reason is not null)
            throw new Problem(503, "not-ready", reason, "wait; GET /v1/explain tells more") { RetryAfter = 1 };
        return Reply.JsonAsync(context, 200, json => json.WriteString("status", "ready"));
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.WriteAsync(metrics.Read(PrometheusText.Of), context.RequestAborted);
    }

    private Task GroupAsync(HttpContext context, string group) => port.FindGroup(group) is { } known
        ? Reply.JsonAsync(context, 200, json => ViewJson.Group(json, known))
        : throw Problem.UnknownGroup(group);

    private async Task EventsAsync(HttpContext context, string group)
    {
        string? name = Query.Member(context.Request);
        TimeSpan grace = Query.Time(context.Request, "grace", name is null ? TimeSpan.Zero : s_grace);
        string? lastId = context.Request.Headers["Last-Event-ID"];
        if (!node.IsPrimary && (name is null || sessions.Find(group, name) is null))
            throw Problem.NotPrimary(node.Waiting);
        OpenStream open;
        try
        {
            open = await sessions.OpenAsync(group, name, string.IsNullOrEmpty(lastId) ? null : lastId, grace, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is GroupCommException or InvalidOperationException or ArgumentException)
        {
            throw Problem.Of(error, group);
        }
        await new EventStream(context, open, sessions).RunAsync().ConfigureAwait(false);
    }

    private async Task ExplainAsync(HttpContext context)
    {
        RuntimeInspection look = await LookAsync(context.RequestAborted).ConfigureAwait(false);
        await Reply.JsonAsync(context, 200, new ExplainJson(node, port.Cluster, look).Write).ConfigureAwait(false);
    }

    private Task TraceAsync(HttpContext context)
    {
        int last = Query.Count(context.Request, "last", 200, MostTraced);
        return Reply.JsonAsync(context, 200, json => ViewJson.Recent(json, "deliveries", recent.Latest(last)));
    }

    private async Task SnapshotsAsync(HttpContext context)
    {
        int frames = Query.Count(context.Request, "frames", int.MaxValue, int.MaxValue);
        bool peers = Query.Flag(context.Request, "peers");
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Draining.Token);
        using IDisposable? look = peers ? watch.Look() : null;
        LiveJson live = new(node, port.Cluster, history, recent, metrics, peers ? watch.Reports : null);
        try
        {
            for (int i = 0; i < frames; i++)
            {
                RuntimeInspection now = await LookAsync(stop.Token).ConfigureAwait(false);
                await context.Response.Body.WriteAsync(Frames.Of("snapshot", null, json => live.Write(json, now, port.Groups)), stop.Token).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(stop.Token).ConfigureAwait(false);
                if (i + 1 < frames)
                    await Task.Delay(s_frame, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader is gone, or the daemon stops.
        }
    }

    private async Task<RuntimeInspection> LookAsync(CancellationToken ct)
    {
        try
        {
            return await port.InspectAsync(ct).WaitAsync(s_look, ct).ConfigureAwait(false);
        }
        catch (Exception error) when (error is GroupCommException or TimeoutException)
        {
            throw new Problem(503, "node-ended", $"the node does not answer: {error.Message}", "start the daemon again");
        }
    }

    private static Task PageAsync(HttpContext context)
    {
        if (PageFiles.IsWanted(context.Request))
            return PageFiles.AnswerAsync(context, "index.html");
        context.Response.Headers.Vary = "Accept";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            """
            groupcomm: a node of a cluster, for programs that speak HTTP

            GET  /healthz/live  /healthz/ready  /metrics
            GET  /v1/view  /v1/groups  /v1/groups/GROUP
            POST /v1/groups/GROUP/messages?order=agreed&wait=delivered&timeout=5s
            GET  /v1/groups/GROUP/events?member=NAME
            GET  /v1/explain  /v1/trace  /v1/live
            POST /v1/admin/leave
            GET  /            the live page, for a browser
            GET  /race  /v1/race?race=A&approach=baseline&seed=1   a race of controllers, in the simulator
            WS   /v1/gateway

            """, context.RequestAborted);
    }
}
