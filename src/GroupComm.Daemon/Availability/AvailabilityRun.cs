using System;

namespace GroupComm.Daemon.Availability;

/// <summary>Simulated beside solved.</summary>
internal sealed record AvailabilityRun(LinkProfile Profile, int Nodes, YearFigures Simulated, YearFigures Solved, long Outages, bool Biased, double StallSeconds)
{
    /// <summary>Fewer outages than these say nothing about a mean.</summary>
    public const int EnoughOutages = 1000;

    public const double Tolerance = 0.10;

    private const int CyclesOfRare = 1_000_000;

    public double Stalled => Simulated.Losses * StallSeconds;

    public double StalledSolved => Solved.Losses * StallSeconds;

    public double Deviation => Math.Abs(Simulated.NoPrimarySeconds / Solved.NoPrimarySeconds - 1);

    public bool Ok => Deviation <= Tolerance && Math.Abs(Simulated.Losses / Solved.Losses - 1) <= Tolerance;

    /// <param name="profile">The links.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="repair">Mean time that a link is down.</param>
    /// <param name="years">To play.</param>
    /// <param name="stall">What a lost member costs: until it is suspected and the next view is installed.</param>
    /// <param name="seed">Of the draws.</param>
    public static AvailabilityRun Play(LinkProfile profile, int nodes, TimeSpan repair, double years, TimeSpan stall, ulong seed)
    {
        LinkModel model = LinkModel.Of(profile, nodes, repair);
        YearFigures solved = ClosedForm.Solve(model);
        var simulation = new LinkSimulation(model, seed);
        bool rare = solved.NoPrimarySeconds * years / repair.TotalSeconds < EnoughOutages;
        YearFigures simulated = rare ? simulation.PlayCycles(CyclesOfRare) : simulation.Play(years);
        return new AvailabilityRun(profile, nodes, simulated, solved, simulation.Outages, rare, stall.TotalSeconds);
    }
}
