using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace GroupComm.Testcontainers.Engine;

/// <summary>Which nodes do not hear which others, and that as rules of iptables: a cut is made where packets arrive.</summary>
internal sealed class Firewall
{
    private readonly SortedSet<(int From, int To)> _cuts = [];

    public bool IsOpen => _cuts.Count == 0;

    public void Cut(int from, int to) => _cuts.Add((from, to));

    public void Heal() => _cuts.Clear();

    /// <summary>The whole table of a node, to be set at once.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="address">The address of a node with that number.</param>
    /// <param name="resets">Connections with these are answered with a reset.</param>
    public string Rules(int node, Func<int, string> address, IEnumerable<int> resets)
    {
        var rules = new StringBuilder("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n");
        foreach ((int from, int _) in _cuts.Where(cut => cut.To == node))
            rules.Append("-A INPUT -s ").Append(address(from)).Append(" -j DROP\n");
        foreach (int peer in resets)
            rules.Append("-A INPUT -p tcp -s ").Append(address(peer)).Append(" -j REJECT --reject-with tcp-reset\n");
        return rules.Append("COMMIT\n").ToString();
    }
}
