using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace GroupComm.Daemon.Sidecar.Watch;

/// <summary>How long a small message to each other node and its answer took: the median of the latest, for a single pause says nothing of a link.</summary>
internal sealed class RoundTrips
{
    private const int Kept = 9;

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, Queue<double>> _latest = [];

    public void Add(NodeId peer, long sentAt) => Add(peer, Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds);

    public void Add(NodeId peer, double milliseconds)
    {
        lock (_lock)
        {
            if (!_latest.TryGetValue(peer, out Queue<double>? latest))
                _latest.Add(peer, latest = new Queue<double>());
            latest.Enqueue(milliseconds);
            if (latest.Count > Kept)
                latest.Dequeue();
        }
    }

    /// <summary>Those of the nodes that are asked for; the others are forgotten.</summary>
    public IReadOnlyList<(NodeId Peer, double Milliseconds)> Of(IReadOnlyCollection<NodeId> peers)
    {
        lock (_lock)
        {
            foreach (NodeId gone in _latest.Keys.Except(peers).ToArray())
                _latest.Remove(gone);
            return [.. peers.Where(_latest.ContainsKey).Select(peer => (peer, Median(_latest[peer])))];
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
