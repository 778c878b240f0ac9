using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Daemon.Sidecar.Metrics;
using GroupComm.Runtime.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>A node with its HTTP interface, in this process.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly MetricsBook _metrics = new();
    private HttpHost _host = null!;

    public IGroupCommNode Node { get; private set; } = null!;

    public GatewayServer Gateway { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public int Port { get; private set; }

    /// <summary>Where its peers connect.</summary>
    public string Listens { get; private set; } = "";

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Daemon> StartAsync(int maxMessageSize = 1 << 20, bool wait = true, Action<GroupCommOptions>? change = null, HttpAccess? access = null, Action? leave = null, ILoggerFactory? logs = null)
    {
        Daemon daemon = new();
        GroupCommOptions options = new() { Name = "n1", Listen = $"127.0.0.1:{FreePorts.Next()}", MaxMessageSize = maxMessageSize, SuspicionTimeout = Limit };
        change?.Invoke(options);
        daemon.Listens = options.Listen;
        daemon.Node = await GroupCommNode.StartAsync(options, logs, Ct);
        daemon.Port = FreePorts.Next();
        daemon._host = await HttpHost.StartAsync(
            daemon.Node, daemon.Gateway = new GatewayServer(daemon.Node, logs?.CreateLogger("gateway") ?? NullLogger.Instance), daemon._metrics, HttpHost.Plan($"127.0.0.1:{daemon.Port}", false)!.Value,
            logs ?? NullLoggerFactory.Instance, Ct, access, leave);
        daemon.Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}"), Timeout = Limit };
        if (wait)
            await daemon.Node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        return daemon;
    }

    public Task DrainAsync() => _host.DrainAsync(TimeSpan.FromSeconds(5));

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await Http.GetStringAsync(path, Ct)).RootElement;

    /// <summary>Waits for the stage that is asked for, however long it takes.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        if (path.Contains("/messages", StringComparison.Ordinal))
            path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}timeout=60s";
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        foreach ((string name, string value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await Http.SendAsync(request, Ct);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement);
    }

    public Task<(int Status, JsonElement Body)> PostAsync(string path, string body) => PostAsync(path, System.Text.Encoding.UTF8.GetBytes(body));

    public async Task<EventReader> JoinAsync(string query, string? lastId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/groups/g/events{query}");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        HttpResponseMessage response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response, await response.Content.ReadAsStreamAsync(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        await Node.DisposeAsync();
        _metrics.Dispose();
    }
}

internal sealed record Event(string Name, string? Id, JsonElement Data)
{
    public string? Text => Data.GetProperty("text").GetString();
}

/// <summary>Reads a stream; disposal breaks the connection.</summary>
internal sealed class EventReader(HttpResponseMessage response, Stream stream) : IDisposable
{
    private readonly StreamReader _lines = new(stream);

    public async Task<Event?> NextAsync()
    {
        (string name, string? id, string data) = ("", null, "");
        while (await _lines.ReadLineAsync(Daemon.Ct).AsTask().WaitAsync(Daemon.Limit, Daemon.Ct) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0 && data.Length > 0)
                return new Event(name, id, JsonDocument.Parse(data).RootElement);
        }
        return null;
    }

    public async Task<Event> NextAsync(string name)
    {
        Event? next = await NextAsync();
        Assert.NotNull(next);
        Assert.Equal(name, next.Name);
        return next;
    }

    public async Task<List<Event>> UntilAsync(Func<Event, bool> last)
    {
        List<Event> events = [];
        var late = Stopwatch.StartNew(); // some streams go on for ever
        while (await NextAsync() is { } each)
        {
            events.Add(each);
            if (last(each))
                return events;
            Assert.True(late.Elapsed < Daemon.Limit, $"not among the events of {Daemon.Limit}, the last of which is {each.Name}: {each.Data}");
        }
        Assert.Fail($"the stream ended after {string.Join(' ', events.Select(each => each.Name))}");
        return events;
    }

    public void Dispose() => response.Dispose();
}
