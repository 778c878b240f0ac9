using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Runtime.Turn;
using GroupComm.Transport;

namespace GroupComm.Runtime.Links;

/// <summary>
/// Keeps a link to every seed and to every node that the core names: one loop per address, which sleeps while somebody
/// reached at that address is linked. A lost link is dialled anew at once: refused means that the process is gone, and
/// the core hears of it within milliseconds.
/// </summary>
internal sealed class Dialer(LinkTable table, ILinkEvents events, ITransport transport, string ownAddress)
{
    private const long JustLost = 200;

    private static readonly TimeSpan AfterALoss = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DialTarget> _targets = new(StringComparer.Ordinal);
    private readonly List<Task> _loops = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _stopped;

    /// <summary>Begins to dial the seeds.</summary>
    public void Start(IEnumerable<string> seeds)
    {
        lock (_lock)
            foreach (string seed in seeds)
                Add(seed, seed: true);
    }

    /// <summary>The core wants links to these nodes and, besides the seeds, no others.</summary>
    public void SetPeers(IReadOnlyList<NodeInfo> peers)
    {
        lock (_lock)
        {
            foreach (DialTarget target in _targets.Values)
                target.Expected = null;
            foreach (NodeInfo peer in peers)
                if (peer.Address.Length > 0 && peer.Address != ownAddress)
                    Add(peer.Address, seed: false).Expected = peer.Id;
            DropUnwanted();
        }
    }

    /// <summary>Discovery names these addresses, and no others any more.</summary>
    public void SetDiscovered(IReadOnlyList<string> addresses)
    {
        lock (_lock)
        {
            foreach (DialTarget target in _targets.Values)
                target.IsDiscovered = false;
            foreach (string address in addresses)
                if (address != ownAddress)
                    Add(address, seed: false).IsDiscovered = true;
            DropUnwanted();
        }
    }

    /// <summary>The node begins a new life, which knows nobody yet: whoever it had links with is dialled until a view names others.</summary>
    public void KeepAll()
    {
        lock (_lock)
            foreach (DialTarget target in _targets.Values)
                target.IsKept = true;
    }

    /// <summary>A view is there.</summary>
    public void KeepNone()
    {
        lock (_lock)
            foreach (DialTarget target in _targets.Values)
                target.IsKept = false;
    }

    /// <summary>The link that carried the traffic is gone.</summary>
    public void Lost(PeerLink link)
    {
        lock (_lock)
        {
            bool any = false;
            foreach (DialTarget target in _targets.Values)
            {
                if (target.Address != link.Peer!.Address && target.Address != link.Dialled && target.Answered != link.Peer.Node)
                    continue;
                any = true;
                target.LostAt = Clock.Now;
                target.Backoff.Reset();
                target.Wake();
            }
            if (any || _stopped)
                return;
        }
        events.LinkDown(link.Peer!.Node, gone: false, "the connection broke");
    }

    /// <summary>A link stands. Whoever else was expected at its address is gone.</summary>
    public void Linked(PeerLink link)
    {
        NodeId? gone = null;
        lock (_lock)
            foreach (DialTarget target in _targets.Values)
                if (target.Address == link.Peer!.Address && target.Expected is { } expected && expected != link.Peer.Node)
                    gone = expected;
        if (gone is not { } id)
            return;
        NodeId now = link.Peer!.Node;
        events.LinkDown(id, gone: true, id.Name == now.Name && id.Incarnation < now.Incarnation ? Departure.NewIncarnation : $"{now} answers at its address");
    }

    /// <summary>Addresses that do not work, and at which step.</summary>
    public IReadOnlyList<JoinObstacle> Obstacles()
    {
        lock (_lock)
            return [.. _targets.Values.Select(target => target.Obstacle).OfType<JoinObstacle>().OrderBy(obstacle => obstacle.Peer, StringComparer.Ordinal)];
    }

    public async Task StopAsync()
    {
        Task[] loops;
        lock (_lock)
        {
            _stopped = true;
            loops = [.. _loops];
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    /// <summary>Whoever is neither a member, a seed, named by discovery nor kept for a new life is not dialled any more.</summary>
    private void DropUnwanted()
    {
        foreach (DialTarget target in _targets.Values.Where(
            target => target is { Expected: null, IsSeed: false, IsDiscovered: false, IsKept: false }).ToArray())
            Drop(target);
    }

    private void Drop(DialTarget target)
    {
        target.Dropped = true;
        _targets.Remove(target.Address);
        target.Wake();
    }

    private DialTarget Add(string address, bool seed)
    {
        if (_targets.TryGetValue(address, out DialTarget? known))
            return known;
        DialTarget target = new(address, seed, HashCode.Combine(ownAddress, address));
        _targets.Add(address, target);
        if (!_stopped)
        {
            _loops.RemoveAll(loop => loop.IsCompleted);
            _loops.Add(Task.Run(() => KeepLinkedAsync(target)));
        }
        return target;
    }

    private async Task KeepLinkedAsync(DialTarget target)
    {
        try
        {
            while (!target.Dropped)
            {
                if (table.HasAddress(target.Address) || (target.Answered is { } answered && table.Find(answered) is not null))
                {
                    target.Obstacle = null;
                    await target.Woken.WaitAsync(_stop.Token).ConfigureAwait(false);
                    continue;
                }
                LinkOutcome outcome = await DialAsync(target).ConfigureAwait(false);
                if (outcome == LinkOutcome.Self)
                    return;
                if (outcome == LinkOutcome.Current)
                    target.Backoff.Reset();
                else
                    await target.Woken.WaitAsync(Pause(target), _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    // A dying process may take one more connection and drop it; whether it is gone is known a moment later.
    private static TimeSpan Pause(DialTarget target) =>
        !target.Refused && Clock.Now - target.LostAt < JustLost ? AfterALoss : target.Backoff.Next();

    private async Task<LinkOutcome> DialAsync(DialTarget target)
    {
        try
        {
            target.Refused = false;
            LinkManager.BeginDial(target.Address);
            IFrameLink link = await transport.DialAsync(target.Address, _stop.Token).ConfigureAwait(false);
            PeerLink state = (PeerLink)link.State!;
            LinkOutcome outcome = await state.Outcome.WaitAsync(_stop.Token).ConfigureAwait(false);
            target.Obstacle = outcome == LinkOutcome.Failed ? new JoinObstacle(state.FailedStep, target.Address, state.Failure) : null;
            target.Answered = state.Peer?.Node;
            if (outcome == LinkOutcome.Failed)
                Report(target, gone: false, state.Failure);
            return outcome;
        }
        catch (TransportException error)
        {
            target.Refused = error.Refused;
            target.Obstacle = new JoinObstacle(error.Step, target.Address, error.Refused ? "connection refused" : error.Message);
            Report(target, error.Refused, target.Obstacle.Text);
            if (error.Permanent)
                events.JoinFailed(error.Step, error.Message);
            return LinkOutcome.Failed;
        }
        catch (ObjectDisposedException)
        {
            return LinkOutcome.Self; // the transport has stopped
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is, the address must be tried again.
            target.Obstacle = new JoinObstacle(JoinStep.Connect, target.Address, error.Message);
            Report(target, gone: false, error.Message);
            return LinkOutcome.Failed;
        }
    }

    private void Report(DialTarget target, bool gone, string reason)
    {
        if (target.Expected is { } peer && table.Find(peer) is null)
            events.LinkDown(peer, gone, reason);
    }
}
