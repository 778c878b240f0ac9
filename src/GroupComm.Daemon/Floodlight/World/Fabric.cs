using System.Collections.Generic;

namespace GroupComm.Daemon.Floodlight.World;

/// <summary>How the network is wired: eight switches in a ring, two chords, a host at each. Everybody knows the wires; what is up
/// of them changes.</summary>
internal static class Fabric
{
    public const int Switches = 8;

    /// <summary>The host's port; the others lead to switches.</summary>
    public const int HostPort = 0;

    public const int MaxPorts = 4;

    private static readonly int[][] s_peers = Wire();

    public static IReadOnlyList<(int A, int B)> Links { get; } = List();

    public static int Ports(int of) => s_peers[of].Length;

    /// <summary>The switch at the other end, or -1: the host.</summary>
    public static int Peer(int of, int port) => s_peers[of][port];

    /// <summary>The port of a switch that leads to another; there is one.</summary>
    public static int PortTo(int of, int peer) => System.Array.IndexOf(s_peers[of], peer);

    private static List<(int A, int B)> List()
    {
        var links = new List<(int A, int B)>();
        for (int i = 0; i < Switches; i++)
            links.Add((i, (i + 1) % Switches));
        links.Add((0, 4));
        links.Add((2, 6));
        return links;
    }

    private static int[][] Wire()
    {
        var peers = new List<int>[Switches];
        for (int i = 0; i < Switches; i++)
            peers[i] = [-1];
        foreach ((int a, int b) in List())
        {
            peers[a].Add(b);
            peers[b].Add(a);
        }
        return System.Array.ConvertAll(peers, static each => each.ToArray());
    }
}
