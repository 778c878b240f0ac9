using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Daemon.Sidecar.Events;
using GroupComm.Daemon.Sidecar.Posts;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>
/// What the sidecar reads of a request after the web server has cut it: host, origin and token, the path's group, every parameter, the headers
/// that name an event and a key. As text: the first line is path and query, then one header a line. A body is bytes to it, never read for a meaning.
/// </summary>
internal sealed class HttpRequests : Decoder, IDisposable
{
    private const string Token = "0123456789abcdef0123";

    private static readonly string[] s_parameters = ["order", "wait", "timeout", "member", "type", "grace", "last", "frames", "peers"];

    private readonly HttpGuard _guard = new(loopback: true);
    private readonly string _file = Path.GetTempFileName(); // for its owner alone
    private readonly HttpAccess _access;

    public HttpRequests()
    {
        File.WriteAllText(_file, Token);
        _access = HttpAccess.Of(new ServeSettings { TokenFile = _file });
    }

    public override string Name => "http-requests";

    public override IReadOnlyList<string> Assemblies => ["groupcomm", "GroupComm.Hosting"];

    // The request of the web server, and an exception with texts that repeat the input.
    public override long Bound(int length) => (32 << 10) + (48L * length);

    public override IReadOnlyList<byte[]> Words => Texts(
        "order=", "wait=", "timeout=", "member=", "type=", "grace=", "last=", "frames=", "peers=true", "&", "?", "%2f", "%00", "%c0%80", "%ff", "fifo", "causal", "agreed", "safe",
        "delivered", "durable", "ms", "min", "00:00:05", "99999999999999999999", "1e308", "-1", "\nHost: ", "127.0.0.1", "localhost", "[::1]:7480", "\nOrigin: http://", "null",
        "\nSec-Fetch-Site: cross-site", "\nAuthorization: Bearer ", "Last-Event-ID: 4.2:31", "Idempotency-Key: k", "Content-Type: ");

    public override IEnumerable<byte[]> Seeds() => Texts(
        "/v1/groups/stock/messages?order=agreed&wait=delivered&timeout=5s&member=alice&type=a%20b\nHost: 127.0.0.1:7480\nContent-Type: text/plain\nIdempotency-Key: k1\nAuthorization: Bearer " + Token,
        "/v1/groups/st%2Fock/events?member=a&grace=500ms\nHost: [::1]:7480\nLast-Event-ID: 4.2:31\nAuthorization: bearer " + Token,
        "/v1/trace?last=5\nHost: localhost\nOrigin: http://localhost\nSec-Fetch-Site: same-origin",
        "/v1/live?frames=3&peers=true\nHost: example.org\nOrigin: https://example.org:99",
        "/v1/groups/a?order=x&order=y\nHost: 127.0.0.1\nAuthorization: Basic abc",
        "/?timeout=00:00:05\nHost: 127.0.0.1\nSec-Fetch-Site: cross-site");

    public void Dispose() => File.Delete(_file);

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        DefaultHttpContext context = new();
        string[] lines = Encoding.Latin1.GetString(input).Split('\n');
        string[] target = lines[0].Split('?', 2);
        try
        {
            context.Request.Path = PathString.FromUriComponent("/" + target[0].TrimStart('/'));
        }
        catch (InvalidOperationException)
        {
            return false; // the web server refuses it
        }
        context.Request.QueryString = new QueryString(target.Length > 1 ? "?" + target[1] : "");
        foreach (string[] header in lines.Skip(1).Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2 && parts[0].Length > 0))
            context.Request.Headers.Append(header[0], header[1]);
        bool read = Try(() => _guard.Check(context.Request));
        read &= Try(() => _access.Check(context));
        read &= Try(() => Query.Allow(context.Request, s_parameters));
        read &= Try(() => Query.Order(context.Request));
        read &= Try(() => Query.Wait(context.Request));
        read &= Try(() => Query.Time(context.Request, "timeout", default));
        read &= Try(() => Query.Time(context.Request, "grace", default));
        read &= Try(() => Query.Member(context.Request));
        read &= Try(() => MessagePost.Type(context.Request));
        read &= Try(() => Query.Count(context.Request, "last", 1, 1024));
        read &= Try(() => Query.Count(context.Request, "frames", 1, int.MaxValue));
        read &= Try(() => Query.Flag(context.Request, "peers"));
        if (target[0].Split('/', StringSplitOptions.RemoveEmptyEntries) is [.., string group])
            read &= Try(() => Routes.Group(group));
        if (LogKey.TryParseId(context.Request.Headers["Last-Event-ID"], out GroupViewId view, out long position) && (view.Number < 0 || position < 0))
            throw new InvalidOperationException($"{view}:{position} is read");
        return read;
    }

    private static bool Try(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Problem)
        {
            return false;
        }
    }
}
