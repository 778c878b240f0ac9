using System.Collections.Generic;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>At that count of its changes, the port of the switch was up or down. Port -1: the switch was there.</summary>
internal readonly record struct Fact(int Switch, int Port, int Version, bool Holds);

/// <summary>Facts for the set of every replica.</summary>
[GroupMessage("facts", Order = DeliveryOrder.Fifo)]
internal sealed record Facts(Fact[] New);

/// <summary>Rules over a set of facts: what they answer follows from the set alone.</summary>
internal sealed class FactRules
{
    private readonly bool[,] _latest = new bool[Fabric.Switches, Fabric.MaxPorts + 1];

    /// <param name="facts">By switch, port and version: so the last of a port is its latest.</param>
    public FactRules(SortedSet<Fact> facts)
    {
        foreach (Fact fact in facts)
            _latest[fact.Switch, fact.Port + 1] = fact.Holds;
    }

    /// <summary>The latest fact of a port holds.</summary>
    public bool Latest(int of, int port) => _latest[of, port + 1];

    public bool Present(int of) => Latest(of, -1);

    /// <summary>The switch is present, its port is up, and so it is at the other end.</summary>
    public bool Up(int of, int port)
    {
        int peer = Fabric.Peer(of, port);
        return Present(of) && Latest(of, port) && (peer < 0 || (Present(peer) && Latest(peer, Fabric.PortTo(peer, of))));
    }
}
