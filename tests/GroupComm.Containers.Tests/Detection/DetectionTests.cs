using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Containers.Tests.Torture;
using Xunit;

namespace GroupComm.Containers.Tests.Detection;

/// <summary>
/// How fast an end is noticed, and how often one is noticed that was none. A glance as a test; the tables of docs/testing-containers.md by
/// <c>dotnet cake --target=Detection --minutes=M</c>, which goes on where it stopped.
/// </summary>
[Collection(Run.OneAtATime)]
public sealed class DetectionTests(NodeImage image)
{
    /// <summary>The suspicion time where limits are asserted: long beside what a busy machine takes to run a command of the engine, or to give a process its turn.</summary>
    private static readonly TimeSpan s_glance = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Ends_are_noticed_in_time_and_what_runs_is_not_suspected()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        DetectionPlan plan = DetectionPlan.OfEnvironment();
        DetectionTotals totals = plan.IsGlance ? new DetectionTotals() : DetectionTotals.Load(plan.State);
        var clock = Stopwatch.StartNew();
        do
        {
            if (plan.IsGlance)
            {
                await EndRun.RunAsync(image, plan, totals.Ends("3"), 3, s_glance, ct);
                await StrainRun.RunAsync(image, plan, totals.Quiet("4000 idle"), s_glance, Strain.Idle, ct);
            }
            else
            {
                await StepAsync(plan, totals, ct);
                totals.Save(plan.State);
            }
        }
        while (clock.Elapsed < plan.Limit);
        TestContext.Current.TestOutputHelper!.WriteLine(totals.ToString());
        if (!plan.IsGlance)
            return;
        // Wide limits: this runs beside whatever else a machine does. A crash that only silence shows would take the suspicion time.
        EndCell ends = totals.Ends("3");
        Assert.True(TortureTotals.Percentile(ends.Killed, 0.5) < s_glance.TotalMilliseconds / 2, totals.ToString());
        Assert.InRange(TortureTotals.Percentile(ends.Paused, 0.5), 100, 3 * s_glance.TotalMilliseconds);
        Assert.Equal(0, totals.Quiet("4000 idle").Suspicions);
    }

    /// <summary>The cell on which the least time was spent.</summary>
    private async Task StepAsync(DetectionPlan plan, DetectionTotals totals, CancellationToken ct)
    {
        List<(Cell Cell, Func<Task> Run)> steps = [];
        foreach (int nodes in DetectionPlan.Sizes)
        {
            EndCell cell = totals.Ends(FormattableString.Invariant($"{nodes}"));
            steps.Add((cell, () => EndRun.RunAsync(image, plan, cell, nodes, EndRun.Suspicion, ct)));
        }
        foreach (TimeSpan silence in DetectionPlan.Silences)
            foreach (Strain strain in Enum.GetValues<Strain>())
            {
                QuietCell cell = totals.Quiet(FormattableString.Invariant($"{silence.TotalMilliseconds:0} {DetectionPlan.Name(strain)}"));
                steps.Add((cell, () => StrainRun.RunAsync(image, plan, cell, silence, strain, ct)));
            }
        (Cell next, Func<Task> run) = steps.MinBy(step => step.Cell.Spent);
        var clock = Stopwatch.StartNew();
        await run();
        next.Spent += clock.Elapsed.TotalSeconds;
    }
}
