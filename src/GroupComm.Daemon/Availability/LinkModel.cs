using System;
using System.Collections.Generic;

namespace GroupComm.Daemon.Availability;

/// <summary>Links of one kind, by how long one is down in a year. Sources: Gill et al., SIGCOMM 2011, figures 8c and 9c (data center);
/// Turner et al., SIGCOMM 2010, table 4 (WAN).</summary>
internal sealed record LinkProfile(string Name, double DownDaysPerYear)
{
    public static IReadOnlyList<LinkProfile> All { get; } = [new("dc", 0.3), new("wan-low", 1.2), new("wan-high", 2.7)];
}

/// <summary>
/// One uplink per node; times up and down are exponential. A node whose uplink is down neither counts as primary nor answers. A
/// quorum of the last view is needed, with the tie rule; rejoining takes no time; nodes never crash; there is no floor.
/// </summary>
/// <param name="Nodes">2 to 9.</param>
/// <param name="Failure">Failures of a link that is up, per second.</param>
/// <param name="Repair">Repairs of a link that is down, per second.</param>
internal sealed record LinkModel(int Nodes, double Failure, double Repair)
{
    public const double Year = 365.25 * 86_400;

    public static LinkModel Of(LinkProfile profile, int nodes, TimeSpan repair)
    {
        double down = profile.DownDaysPerYear * 86_400 / Year;
        return new LinkModel(nodes, down / (1 - down) / repair.TotalSeconds, 1 / repair.TotalSeconds);
    }
}

/// <summary>What a year brings.</summary>
/// <param name="NoPrimarySeconds">Without a primary view.</param>
/// <param name="Losses">Views that are installed because a member is lost: each stalls the group.</param>
internal sealed record YearFigures(double NoPrimarySeconds, double Losses);
