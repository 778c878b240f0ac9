using System;
using System.Collections.Generic;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>Shortest paths to every host, the lowest port first where two are as short: the same tables from the same beliefs.</summary>
internal static class Routes
{
    /// <summary>For every connected switch; null for the others.</summary>
    public static byte[]?[] Compute(NetworkState network)
    {
        byte[]?[] tables = Compute(network.IsUp);
        for (int s = 0; s < Fabric.Switches; s++)
            if (!network.IsConnected(s))
                tables[s] = null;
        return tables;
    }

    /// <param name="isUp">Is that port of that switch up, to the controller's knowledge.</param>
    public static byte[][] Compute(Func<int, int, bool> isUp)
    {
        byte[][] tables = new byte[Fabric.Switches][];
        for (int s = 0; s < Fabric.Switches; s++)
            tables[s] = Switch.NoEntries();
        var next = new Queue<int>();
        int[] distance = new int[Fabric.Switches];
        for (int to = 0; to < Fabric.Switches; to++)
        {
            if (!isUp(to, Fabric.HostPort))
                continue;
            Array.Fill(distance, int.MaxValue);
            distance[to] = 0;
            tables[to][to] = Fabric.HostPort;
            next.Enqueue(to);
            while (next.TryDequeue(out int at))
                for (int port = 1; port < Fabric.Ports(at); port++)
                {
                    int peer = Fabric.Peer(at, port);
                    if (distance[peer] <= distance[at] + 1 || !isUp(at, port))
                        continue;
                    distance[peer] = distance[at] + 1;
                    next.Enqueue(peer);
                }
            for (int s = 0; s < Fabric.Switches; s++)
                for (int port = 1; s != to && port < Fabric.Ports(s); port++)
                    if (distance[s] < int.MaxValue && tables[s][to] == Switch.Drop && isUp(s, port) && distance[Fabric.Peer(s, port)] == distance[s] - 1)
                        tables[s][to] = (byte)port;
        }
        return tables;
    }
}
