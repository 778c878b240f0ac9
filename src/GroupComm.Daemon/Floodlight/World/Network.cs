using System;
using System.Collections.Generic;

namespace GroupComm.Daemon.Floodlight.World;

/// <summary>The network itself: links, hosts and switches as they are, whatever controllers believe.</summary>
internal sealed class Network
{
    private readonly bool[] _broken = new bool[Fabric.Links.Count];

    public Network()
    {
        for (int i = 0; i < Fabric.Switches; i++)
            Switches[i] = new Switch(i);
        foreach (Switch each in Switches)
            each.Up = UpOf(each);
    }

    public Switch[] Switches { get; } = new Switch[Fabric.Switches];

    /// <summary>Breaks or mends a link; answers what its ends report.</summary>
    public IReadOnlyList<SwitchReport> SetLink(int link, bool broken)
    {
        _broken[link] = broken;
        return Notice();
    }

    public bool IsBroken(int link) => _broken[link];

    /// <summary>Switches it on or off; neighbours report it. It keeps its table.</summary>
    public IReadOnlyList<SwitchReport> SetPower(int number, bool on)
    {
        Switches[number].Powered = on;
        return Notice();
    }

    /// <summary>From host to host by the real tables: there, or where it ends.</summary>
    public Passage Walk(int from, int to)
    {
        int at = from;
        for (int hop = 0; hop <= Fabric.Switches; hop++)
        {
            byte port = Switches[at].Table[to];
            if (port == Switch.Drop || port >= Fabric.Ports(at) || !Switches[at].IsUp(port))
                return Passage.BlackHole;
            if (port == Fabric.HostPort)
                return at == to ? Passage.Arrives : Passage.BlackHole;
            at = Fabric.Peer(at, port);
        }
        return Passage.Loop;
    }

    /// <summary>Switches by the part of the network that they are in; -1: without power.</summary>
    public int[] Parts()
    {
        int[] part = new int[Fabric.Switches];
        Array.Fill(part, -1);
        for (int i = 0; i < Fabric.Switches; i++)
            if (part[i] < 0 && Switches[i].Powered)
                Flood(part, i, i);
        return part;
    }

    private void Flood(int[] part, int at, int number)
    {
        part[at] = number;
        for (int port = 1; port < Fabric.Ports(at); port++)
            if (Switches[at].IsUp(port) && part[Fabric.Peer(at, port)] < 0)
                Flood(part, Fabric.Peer(at, port), number);
    }

    /// <summary>Every switch looks at its ports.</summary>
    private List<SwitchReport> Notice()
    {
        var reports = new List<SwitchReport>();
        foreach (Switch each in Switches)
        {
            int up = each.Powered ? UpOf(each) : 0;
            for (int port = 0; port < Fabric.Ports(each.Number); port++)
                if ((((up ^ each.Up) >> port) & 1) != 0 && each.Powered)
                    reports.Add(new SwitchReport(each.Number, ++each.Version, port, up & (1 << port)));
            each.Up = up;
        }
        return reports;
    }

    private int UpOf(Switch each)
    {
        int up = 1 << Fabric.HostPort;
        for (int link = 0; link < Fabric.Links.Count; link++)
        {
            (int a, int b) = Fabric.Links[link];
            if ((a == each.Number || b == each.Number) && !_broken[link] && Switches[a + b - each.Number].Powered)
                up |= 1 << Fabric.PortTo(each.Number, a + b - each.Number);
        }
        return up;
    }
}

/// <summary>What becomes of a packet.</summary>
internal enum Passage
{
    Arrives,
    BlackHole,
    Loop,
}
