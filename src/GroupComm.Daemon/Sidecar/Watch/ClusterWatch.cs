using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Sidecar.Json;
using GroupComm.Runtime.Inspection;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Sidecar.Watch;

/// <summary>
/// What no node knows alone, for the live page: the round trips between all pairs of nodes, and in which order each node delivered.
/// While somebody looks at a daemon, it has the member <c>watch</c> in the group <see cref="Group"/>; as long as there is one, every
/// daemon has the member <c>node</c> there, which answers the one who asks, twice a second. Only unicasts, which no figure counts and
/// no message waits for. Nobody looks: no group.
/// </summary>
internal sealed class ClusterWatch(IGroupCommNode node, INodePort port, DeliveryRing recent, ILogger log) : IAsyncDisposable
{
    public const string Group = "groupcomm.page";

    private const string Watcher = "watch";
    private const string Reporter = "node";
    private const int RecentAsked = 120;

    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_joinLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_beatLimit = TimeSpan.FromSeconds(1);

    private readonly RoundTrips _roundTrips = new();
    private readonly ConcurrentDictionary<NodeId, Report> _reports = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private IGroup? _watch;
    private IGroup? _report;
    private int _readers;

    public void Start() => _running = RunAsync();

    /// <summary>Somebody looks, until the result is disposed.</summary>
    public IDisposable Look()
    {
        Interlocked.Increment(ref _readers);
        return new Looking(this);
    }

    /// <summary>The latest report of each node of the view, as far as they came.</summary>
    public IReadOnlyDictionary<NodeId, Report> Reports()
    {
        Dictionary<NodeId, Report> reports = [];
        foreach (ViewMember member in node.View?.Members ?? [])
            if (_reports.TryGetValue(member.Id, out Report? report))
                reports[member.Id] = report;
        return reports;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _watch = await KeepAsync(_watch, Watcher, Volatile.Read(ref _readers) > 0).ConfigureAwait(false);
                bool watched = port.FindGroup(Group) is { } group && group.View.Members.Any(member => member.Name == Watcher);
                _report = await KeepAsync(_report, Reporter, watched).ConfigureAwait(false);
                await BeatAsync().ConfigureAwait(false);
                await Task.Delay(s_beat, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The daemon stops.
            }
            catch (Exception error) when (error is GroupCommException or InvalidOperationException or OperationCanceledException)
            {
                // The view or the group just changed, or there is no primary view: the next beat looks again.
                SidecarLog.WatchWaits(log, error.Message);
                await Task.Delay(s_beat, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<IGroup?> KeepAsync(IGroup? member, string name, bool wanted)
    {
        if (wanted == member is not null || (wanted && !node.IsPrimary))
            return member;
        if (member is not null)
        {
            await member.LeaveAsync(_stop.Token).ConfigureAwait(false);
            return null;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(s_joinLimit);
        return await node.JoinAsync(Group, builder =>
        {
            builder.Options.MemberName = name;
            if (name == Watcher)
                builder.Register<Report>(Heard);
            else
                builder.Register<Ask>(TellAsync).Register<Ping>(PongAsync).Register<Pong>(Measured);
        }, limit.Token).ConfigureAwait(false);
    }

    private async Task BeatAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(s_beatLimit);
        if (_report is not null)
            foreach (MemberId member in _report.View.Members)
                if (member.Name == Reporter && member.Node != node.Id)
                    await _report.SendToAsync(member, new Ping(Stopwatch.GetTimestamp()), limit.Token).ConfigureAwait(false);
        if (_watch is not null)
            foreach (MemberId member in _watch.View.Members)
            {
                if (member.Name == Reporter)
                    await _watch.SendToAsync(member, new Ask(RecentAsked), limit.Token).ConfigureAwait(false);
            }
        else
            _reports.Clear();
    }

    private ValueTask TellAsync(Ask ask, MessageContext context, CancellationToken ct) => AnswerAsync(context, new Report(
        _roundTrips.Of([.. (node.View?.Members ?? []).Select(member => member.Id)]).ToDictionary(each => each.Peer.Name, each => Math.Round(each.Milliseconds, 3)),
        Encoding.UTF8.GetString(Reply.Bytes(json =>
        {
            json.WriteString("node", node.Id.ToString());
            json.WriteString("at", ViewJson.Time(DateTime.UtcNow));
            ViewJson.Recent(json, "recent", recent.Latest(Math.Clamp(ask.Recent, 0, RecentAsked)).Where(each => each.Group != Group));
        }))), ct);

    private ValueTask PongAsync(Ping ping, MessageContext context, CancellationToken ct) => AnswerAsync(context, new Pong(ping.At), ct);

    private ValueTask Heard(Report report, MessageContext context, CancellationToken ct)
    {
        _reports[context.SenderNode] = report;
        return ValueTask.CompletedTask;
    }

    private async ValueTask AnswerAsync<T>(MessageContext context, T answer, CancellationToken ct)
    {
        try
        {
            if (_report is { } self && context.Sender is { } asks)
                await self.SendToAsync(asks, answer, ct).ConfigureAwait(false);
        }
        catch (Exception error) when (error is GroupCommException or InvalidOperationException)
        {
            SidecarLog.WatchWaits(log, error.Message); // who asked is gone
        }
    }

    private ValueTask Measured(Pong pong, MessageContext context, CancellationToken ct)
    {
        _roundTrips.Add(context.SenderNode, pong.At);
        return ValueTask.CompletedTask;
    }

    private sealed class Looking(ClusterWatch watch) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                Interlocked.Decrement(ref watch._readers);
        }
    }
}
