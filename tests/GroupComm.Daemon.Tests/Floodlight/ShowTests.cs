using System;
using Xunit;

namespace GroupComm.Daemon.Tests.Floodlight;

/// <summary>Races with real processes: about 6 s each, most of it the silence after which a machine is missed.</summary>
public class ShowTests
{
    [Fact]
    public void Real_replicas_ignore_the_report_under_the_baseline_and_the_hole_stays()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGSTOP");
        Ran ran = Cli.InProcess("floodlight", "--show", "--race", "A", "--approach", "baseline");
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        Assert.Contains("the master, dies", ran.Output);
        Assert.Contains("ignores it: not the master", ran.Output);
        Assert.Contains("a black hole, for ever", ran.Output);
        Assert.Contains("as expected: the design does not cover this race", ran.Output);
    }

    [Fact]
    public void Real_replicas_keep_the_report_under_virtual_synchrony_and_the_hole_is_repaired()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGSTOP");
        Ran ran = Cli.InProcess("floodlight", "--show", "--race", "A", "--approach", "virtual-synchrony");
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        Assert.Contains("keeps it until it is delivered", ran.Output);
        Assert.Contains("[all pairs have a way]", ran.Output);
        Assert.Contains("after quiet: 0 pairs broken, 0 changes", ran.Output);
        Assert.Contains("OK: the design promises no hole here, and there is none", ran.Output);
    }
}
