using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Sidecar;
using GroupComm.Gateway.Protocol;
using GroupComm.Runtime.Inspection;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Gateway;

/// <summary>All sessions of this daemon's gateway, whatever their transport. One timer looks after those whose client is away.</summary>
internal sealed class GatewayServer : IDisposable
{
    public const int MostSessions = 20_000;

    /// <summary>What a client may have under way towards this daemon.</summary>
    public const int Window = 4 << 20;

    private const int LookInterval = 200;

    private readonly GatewayNode _node;
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, GatewaySession> _sessions = [];
    private readonly Timer _timer;
    private bool _draining;

    public GatewayServer(IGroupCommNode node, ILogger log)
    {
        _node = new GatewayNode(node, (INodePort)node, log);
        _timer = new Timer(static self => ((GatewayServer)self!).Look(), this, LookInterval, LookInterval);
    }

    public GatewayNode Node => _node;

    /// <summary>Serves one connection to its end.</summary>
    public Task RunAsync(GatewayTransport transport, CancellationToken ct) => new GatewayConnection(this, transport).RunAsync(ct);

    /// <summary>The session that the client asks for, or a new one.</summary>
    /// <exception cref="GatewayClosedException">There is none for it.</exception>
    public (GatewaySession Session, Welcome Welcome) Open(Hello hello, GatewayConnection connection)
    {
        if (hello.MinVersion > GatewayLimits.Version || hello.MaxVersion < GatewayLimits.Version)
            throw new GatewayClosedException("version", $"this daemon speaks version {GatewayLimits.Version}, the client {hello.MinVersion} to {hello.MaxVersion}", "update the older of the two");
        lock (_lock)
        {
            if (_draining)
                throw Draining();
            GatewaySession? session = hello.Session is { } asked ? _sessions.GetValueOrDefault(Key(asked)) : null;
            bool resumed = session is not null;
            if (session is null)
            {
                if (_sessions.Count >= MostSessions)
                    throw new GatewayClosedException("too-many", $"this daemon has {MostSessions} sessions", "use another daemon");
                byte[] id = RandomNumberGenerator.GetBytes(GatewayLimits.SessionBytes);
                _sessions.Add(Key(id), session = new GatewaySession(id, hello, _node, Window));
            }
            session.Connection?.Stop(new GatewayClosedException("taken-over", "another connection of this session has begun", "use that one"));
            if (!session.Outbox.Attach(resumed ? hello.Received : 0, connection))
                throw new BadFrameException($"HELLO says that {hello.Received} frames were received, which cannot be");
            (session.GraceEnds, session.Grace) = (long.MaxValue, TimeSpan.FromMilliseconds(hello.Grace));
            long received = session.Attach(connection);
            return (session, new Welcome(
                GatewayLimits.Version, session.Id, resumed, received, Window, _node.Port.MaxMessageSize, _node.Node.Id.ToString(), _node.Port.Cluster, _node.Node.IsPrimary));
        }
    }

    /// <summary>The connection is cut: the session stays for its grace, unless it is over.</summary>
    public void Leave(GatewaySession session, GatewayConnection connection, bool over)
    {
        lock (_lock)
        {
            if (session.Connection != connection)
                return; // another one has taken over
            session.Attach(null);
            session.GraceEnds = Environment.TickCount64 + (long)session.Grace.TotalMilliseconds;
            session.Outbox.Detach();
            if (!over && session.Grace > TimeSpan.Zero && !_draining)
                return;
            _sessions.Remove(Key(session.Id));
        }
        session.End();
    }

    /// <summary>Every client is told that the daemon ends; returns when they were or the time is over.</summary>
    public async Task DrainAsync(TimeSpan time)
    {
        GatewayConnection[] open;
        lock (_lock)
        {
            _draining = true;
            open = [.. _sessions.Values.Select(session => session.Connection).OfType<GatewayConnection>()];
        }
        foreach (GatewayConnection connection in open)
            connection.Stop(Draining());
        await Task.WhenAny(Task.WhenAll(open.Select(connection => connection.Ended)), Task.Delay(time)).ConfigureAwait(false);
    }

    public void Dispose() => _timer.Dispose();

    private static GatewayClosedException Draining() => new("draining", "this daemon is about to stop", "use another daemon, or come back later");

    private static UInt128 Key(byte[] session) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(session);

    private void Look()
    {
        List<GatewaySession> over = [];
        long now = Environment.TickCount64;
        lock (_lock)
        {
            foreach (GatewaySession session in _sessions.Values)
                if (session.Connection is null && (now >= session.GraceEnds || session.Outbox.Overflows))
                    over.Add(session);
            foreach (GatewaySession session in over)
                _sessions.Remove(Key(session.Id));
        }
        over.ForEach(static session => session.End());
    }
}

/// <summary>Why a connection ends; the client is told.</summary>
internal sealed class GatewayClosedException(string code, string detail, string fix) : Exception(detail)
{
    public Close Frame => new(code, Texts.Cut(Message), Texts.Cut(fix));
}
