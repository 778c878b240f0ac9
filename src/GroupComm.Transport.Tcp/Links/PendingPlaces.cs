using System.Collections.Generic;
using System.Threading;

namespace GroupComm.Transport.Links;

/// <summary>The places of connections that have not shaken hands yet: so many in all, and fewer for one address, so that a
/// single host cannot keep the peers of all others out (law Q3).</summary>
internal sealed class PendingPlaces(int limit, int limitOfOne)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byHost = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place; null, or why there is none.</summary>
    public string? TryEnter(string remote)
    {
        string host = HostOf(remote);
        lock (_lock)
        {
            int ofHost = _byHost.GetValueOrDefault(host);
            if (_count >= limit)
                return $"{limit} connections wait for their handshake";
            if (ofHost >= limitOfOne)
                return $"{limitOfOne} connections from that address wait for their handshake";
            _count++;
            _byHost[host] = ofHost + 1;
            return null;
        }
    }

    public void Leave(string remote)
    {
        string host = HostOf(remote);
        lock (_lock)
        {
            _count--;
            if (--_byHost[host] == 0)
                _byHost.Remove(host);
        }
    }

    private static string HostOf(string remote) => remote.LastIndexOf(':') is >= 0 and var colon ? remote[..colon] : remote;
}
