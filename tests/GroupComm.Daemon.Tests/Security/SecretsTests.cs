using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Daemon.Tests.Gateway;
using GroupComm.Gateway.Protocol;
using Microsoft.Extensions.Logging;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Law Q10: neither payloads nor secrets stand in a log or a trace, and a trace is for its owner.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Token = "0123456789abcdef0123", Wrong = "a-wrong-token-that-is-long", Payload = "the-payload-of-a-message";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_secret_and_no_payload_is_logged_or_traced()
    {
        string token = Path.Combine(_directory.Path, "token"), trace = Path.Combine(_directory.Path, "trace.jsonl");
        File.WriteAllText(token, Token);
        Modes.Set(token, Modes.Owner);
        Lines log = new();
        byte[] session;
        await using (Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(
            access: HttpAccess.Of(new ServeSettings { TokenFile = token }), change: options => options.TraceFile = trace, logs: log))
        {
            using HttpRequestMessage refused = new(HttpMethod.Get, "/v1/view");
            refused.Headers.Authorization = new("Bearer", Wrong);
            await daemon.Http.SendAsync(refused, Sidecar.Daemon.Ct);
            daemon.Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
            using Sidecar.EventReader reader = await daemon.JoinAsync("?member=alice");
            await reader.NextAsync("view");
            await daemon.PostAsync("/v1/groups/g/messages", Payload);
            Assert.Equal(Payload, (await reader.NextAsync("message")).Text);
            await daemon.PostAsync("/v1/groups/g/messages?order=none", Payload);

            Stream stream = await GatewayClient.WebSocketAsync(daemon, Token);
            using GatewayClient client = await GatewayClient.ConnectAsync(stream);
            session = client.Welcome.Session;
            await client.JoinAsync("g", "bob");
            await client.SendTextAsync(Payload);
            await client.NextTextAsync();
            await client.WriteAsync(FrameEncoder.Encode(new Numbered(FrameKind.Done, 1))); // closed, and that is logged
            await client.NextAsync<Close>();
        }
        string[] lines = [.. log.All, .. File.ReadAllLines(trace)];
        Assert.Contains(lines, line => line.Contains("wrong-token", StringComparison.Ordinal)); // it is logged that a token was wrong
        Assert.Contains(lines, line => line.Contains("\"deliver\"", StringComparison.Ordinal));
        foreach (string secret in new[] { Token, Wrong, Payload, Convert.ToHexStringLower(session), Convert.ToHexString(session), Convert.ToBase64String(session), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Payload)) })
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(Modes.Owner, File.GetUnixFileMode(trace));
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            All.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
