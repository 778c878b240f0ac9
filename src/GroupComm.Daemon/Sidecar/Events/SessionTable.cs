using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Groups;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Sidecar.Events;

/// <summary>A stream of a session.</summary>
/// <param name="session">Whose.</param>
/// <param name="next">Index of the first event to be written.</param>
/// <param name="resumed">It goes on where the client was.</param>
/// <param name="reset">Why it does not, though the client asked; else null.</param>
internal sealed class OpenStream(Session session, long next, bool resumed, string? reset)
{
    private readonly CancellationTokenSource _stop = new();

    public Session Session => session;

    public bool Resumed => resumed;

    public string? Reset => reset;

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Index of the next event to be written.</summary>
    public long Next { get => Volatile.Read(ref next); set => Volatile.Write(ref next, value); }

    /// <summary>Cuts the connection; null before it has begun.</summary>
    public Action? Abort { get; set; }

    public void Stop() => _stop.Cancel();
}

/// <summary>All client members of this daemon. One timer looks after grace periods and slow clients.</summary>
internal sealed class SessionTable : IDisposable
{
    /// <summary>Client members on one daemon.</summary>
    public const int MostMembers = 20_000;

    private const int LookInterval = 500;

    private readonly IGroupCommNode _node;
    private readonly ILogger _log;
    private readonly SidecarFigures _figures;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Group, string Name), Session> _sessions = [];
    private readonly Dictionary<string, GroupLog> _logs = new(StringComparer.Ordinal);
    private readonly Timer _timer;
    private int _numbered;
    private bool _draining;

    public SessionTable(IGroupCommNode node, SidecarFigures figures, ILogger log)
    {
        (_node, _figures, _log) = (node, figures, log);
        _timer = new Timer(static self => ((SessionTable)self!).Look(), this, LookInterval, LookInterval);
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Count;
        }
    }

    /// <summary>The membership of that name in the group, if it is a client of this daemon.</summary>
    public IGroup? Find(string group, string name)
    {
        lock (_lock)
            return _sessions.GetValueOrDefault((group, name))?.Member;
    }

    /// <summary>Joins, or goes on. Throws the <see cref="Problem"/> when it cannot be.</summary>
    public async Task<OpenStream> OpenAsync(string group, string? name, string? lastId, TimeSpan grace, CancellationToken ct)
    {
        Session? old = null;
        Session session;
        lock (_lock)
        {
            if (_draining)
                throw Problem.Draining();
            name ??= $"c{++_numbered}";
            if (_sessions.TryGetValue((group, name), out old))
            {
                if (old.Member is null || (old.Stream is not null && lastId is null))
                    throw Problem.NameTaken($"'{name}' is a member of '{group}' on this daemon already");
                if (lastId is not null && !old.Ended)
                    return Resume(old, lastId, grace);
                old.Stream?.Stop();
            }
            else if (_sessions.Count >= MostMembers)
            {
                throw new Problem(503, "too-many-members", $"this daemon has {MostMembers} client members", "use another daemon");
            }
            if (!_logs.TryGetValue(group, out GroupLog? log))
                _logs.Add(group, log = new GroupLog());
            session = new Session(group, name, log) { Grace = grace };
            _sessions[(group, name)] = session;
        }
        if (old?.Member is { } member)
            await EndAsync(member).ConfigureAwait(false);
        long next = await JoinAsync(session, ct).ConfigureAwait(false);
        lock (_lock)
            return session.Stream = new OpenStream(session, next, false, lastId is null ? null : "this daemon does not know the member (any more): what came after Last-Event-ID is not sent");
    }

    /// <summary>The client is gone: the member stays for the grace period.</summary>
    public void Close(OpenStream stream)
    {
        Session session = stream.Session;
        lock (_lock)
        {
            if (session.Stream != stream)
                return; // another stream has taken over
            session.Stream = null;
            session.GraceEnds = Environment.TickCount64 + (long)session.Grace.TotalMilliseconds;
            if (session.Grace > TimeSpan.Zero && !session.Ended && !_draining)
                return;
        }
        Remove(session);
    }

    /// <summary>Removes a client that is too slow, and tells the log. The stream and the timer may both find it: the first one counts.</summary>
    public void Drop(Session session)
    {
        if (!Forget(session))
            return;
        _figures.Dropped();
        SidecarLog.Dropped(_log, session.Name, session.Group);
        End(session);
    }

    /// <summary>Ends all streams; no more are opened.</summary>
    public void Drain()
    {
        Session[] all;
        lock (_lock)
        {
            _draining = true;
            all = [.. _sessions.Values];
        }
        foreach (Session session in all)
            session.Stream?.Stop();
    }

    public void Dispose() => _timer.Dispose();

    private OpenStream Resume(Session session, string lastId, TimeSpan grace)
    {
        session.Stream?.Stop(); // a connection that broke without a word
        session.Grace = grace;
        long next = -1;
        string? reset = null;
        if (!LogKey.TryParseId(lastId, out GroupViewId view, out long position))
            reset = $"'{lastId}' is no id of an event";
        else if ((next = session.Log.After(view, position)) < 0 || next > session.Sent)
            reset = $"{lastId} is not in the window of the last events, or was not sent to this member";
        else
            _figures.Resumed();
        return session.Stream = new OpenStream(session, reset is null ? next : session.Log.End, reset is null, reset);
    }

    private async Task<long> JoinAsync(Session session, CancellationToken ct)
    {
        try
        {
            session.Member = await _node.JoinAsync(session.Group, builder =>
            {
                builder.Options.MemberName = session.Name;
                ((GroupBuilder)builder).Observe(session);
            }, ct).ConfigureAwait(false);
            await session.FirstView.WaitAsync(ct).ConfigureAwait(false);
            return session.Begin();
        }
        catch
        {
            Remove(session);
            throw;
        }
    }

    private void Remove(Session session)
    {
        if (Forget(session))
            End(session);
    }

    /// <summary>False when it is out already.</summary>
    private bool Forget(Session session)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue((session.Group, session.Name), out Session? current) || current != session)
                return false;
            _sessions.Remove((session.Group, session.Name));
            if (!_sessions.Keys.Any(key => key.Group == session.Group))
                _logs.Remove(session.Group);
            return true;
        }
    }

    private void End(Session session)
    {
        if (session.Member is { } member)
            _ = EndAsync(member);
    }

    private async Task EndAsync(IGroup member)
    {
        try
        {
            await member.LeaveAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is GroupCommException or InvalidOperationException)
        {
            SidecarLog.LeaveFailed(_log, member.Name, error.Message);
        }
    }

    private void Look()
    {
        List<Session> over = [], slow = [];
        long now = Environment.TickCount64;
        lock (_lock)
            foreach (Session session in _sessions.Values)
            {
                if (session.Member is null)
                    continue;
                if (session.Stream is null && now >= session.GraceEnds)
                    over.Add(session);
                else if (session.Stream is { } stream && stream.Next < session.Log.First)
                    slow.Add(session);
            }
        over.ForEach(Remove);
        foreach (Session session in slow)
        {
            Action? abort = session.Stream?.Abort;
            Drop(session);
            abort?.Invoke();
        }
    }
}
