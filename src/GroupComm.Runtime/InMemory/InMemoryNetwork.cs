using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using GroupComm.Transport;

namespace GroupComm.Runtime.InMemory;

/// <summary>Where in-memory transports find each other, and where a test cuts, heals and kills. A transport is known by its
/// bound address. A cut holds bytes back and lets dials fail; healing lets everything go on, in order and without loss,
/// as TCP does; a kill resets the connections that exist.</summary>
internal sealed class InMemoryNetwork
{
    private const int FirstFreePort = 20000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Endpoint, InMemoryTransport> _listeners = [];
    private readonly List<InMemoryConnection> _connections = [];
    private readonly HashSet<(string From, string To)> _cuts = [];
    private int _nextPort = FirstFreePort;

    /// <summary>Holds back both directions.</summary>
    public void Cut(string a, string b)
    {
        CutOneWay(a, b);
        CutOneWay(b, a);
    }

    /// <summary>Holds back what <paramref name="from"/> sends to <paramref name="to"/>, on links that exist and on those to come.</summary>
    public void CutOneWay(string from, string to) => SetCut(from, to, cut: true);

    /// <summary>Lets both directions go on.</summary>
    public void Heal(string a, string b)
    {
        SetCut(a, b, cut: false);
        SetCut(b, a, cut: false);
    }

    /// <summary>Ends every cut.</summary>
    public void HealAll()
    {
        (string From, string To)[] cuts;
        lock (_lock)
            cuts = [.. _cuts];
        foreach ((string from, string to) in cuts)
            SetCut(from, to, cut: false);
    }

    /// <summary>Resets every connection between the two.</summary>
    public void Kill(string a, string b)
    {
        InMemoryConnection[] killed;
        lock (_lock)
            killed = [.. _connections.Where(connection => connection.Joins(a, b))];
        foreach (InMemoryConnection connection in killed)
            connection.Break("the connection was killed");
    }

    internal Endpoint Listen(InMemoryTransport transport, Endpoint endpoint)
    {
        lock (_lock)
        {
            Endpoint bound = endpoint.Port == 0 ? FreePort(endpoint.Host) : endpoint;
            return _listeners.TryAdd(bound, transport)
                ? bound
                : throw new TransportException(JoinStep.Connect, $"cannot listen on {bound}: the port is in use by another transport; take port 0 for a free one");
        }
    }

    internal void Unlisten(InMemoryTransport transport)
    {
        lock (_lock)
            foreach (Endpoint bound in _listeners.Where(entry => entry.Value == transport).Select(entry => entry.Key).ToArray())
                _listeners.Remove(bound);
    }

    /// <summary>A connection to whoever listens there.</summary>
    internal (InMemoryTransport Listener, InMemoryChannel Dialled, InMemoryChannel Accepted) Connect(InMemoryTransport dialler, Endpoint target)
    {
        lock (_lock)
        {
            string from = dialler.BoundAddress, to = target.ToString();
            if (_cuts.Contains((from, to)) || _cuts.Contains((to, from)))
                throw new TransportException(JoinStep.Connect, $"cannot connect to {target}: no answer; the network between is cut");
            if (!_listeners.TryGetValue(target, out InMemoryTransport? listener))
                throw new TransportException(JoinStep.Connect, $"cannot connect to {target}: nobody listens there; start the peer or correct the port", refused: true);

            InMemoryConnection connection = new(from, to, new InMemoryBytes(), new InMemoryBytes());
            _connections.Add(connection);
            string local = FreePort(dialler.Host).ToString();
            int open = 2;
            void Ended()
            {
                if (Interlocked.Decrement(ref open) == 0)
                    Remove(connection);
            }

            return (listener,
                new InMemoryChannel(local, to, connection.Back, connection.Forth, Ended),
                new InMemoryChannel(to, local, connection.Forth, connection.Back, Ended));
        }
    }

    private void Remove(InMemoryConnection connection)
    {
        lock (_lock)
            _connections.Remove(connection);
    }

    private void SetCut(string from, string to, bool cut)
    {
        lock (_lock)
        {
            if (cut)
                _cuts.Add((from, to));
            else
                _cuts.Remove((from, to));
            foreach (InMemoryConnection connection in _connections.Where(connection => connection.Joins(from, to)))
                connection.From(from).SetCut(cut);
        }
    }

    private Endpoint FreePort(string host)
    {
        while (true)
        {
            string name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
            if (!Endpoint.TryParse(string.Create(CultureInfo.InvariantCulture, $"{name}:{_nextPort++}"), Endpoint.DefaultPort, out Endpoint free, out string error))
                throw new InvalidOperationException(error);
            if (!_listeners.ContainsKey(free))
                return free;
        }
    }
}
