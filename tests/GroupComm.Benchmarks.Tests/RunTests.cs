using System;
using System.Threading.Tasks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Xunit;

namespace GroupComm.Benchmarks.Tests;

/// <summary>Each benchmark does once what it measures, alone and under BenchmarkDotNet; with GROUPCOMM_BENCHMARKS=1 they are measured (cake target Benchmarks).</summary>
public class RunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Bundles_go_to_frames_and_back(int messages)
    {
        WireBenchmarks wire = new() { Messages = messages, Size = 64 };
        wire.Setup();
        Assert.True(wire.Encode() > messages * 64);
        Assert.Equal(messages, wire.Decode());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_turn_delivers_all_that_was_submitted(int messages)
    {
        CoreBenchmarks core = new() { Messages = messages };
        core.Setup();
        for (int i = 0; i < 1000; i++)
            Assert.Equal(messages, core.Turns());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    public void Holds_let_everything_pass(int nodes)
    {
        HoldBenchmarks hold = new() { Nodes = nodes };
        hold.Setup();
        Assert.True(hold.CausalHold());
        Assert.Equal(64, hold.StreamOfBundles());
        Assert.Equal(64, hold.ConflictKeys());
    }

    [Fact]
    public async Task What_is_sent_is_handled()
    {
        DeliveryBenchmarks delivery = new() { Messages = 1000 };
        await delivery.SetupAsync();
        await delivery.SendAndHandle();
        await delivery.CleanupAsync();
    }

    [Fact]
    public void All_are_measured()
    {
        bool measures = Environment.GetEnvironmentVariable("GROUPCOMM_BENCHMARKS") == "1";
        Job job = measures ? Job.ShortRun.WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(100)) : Job.Dry;
        // In this process: what is measured is internal, and no project may be made that could see it.
        IConfig config = DefaultConfig.Instance.AddJob(job.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(5), logOutput: true)));
        foreach (Type benchmarks in (Type[])[typeof(WireBenchmarks), typeof(CoreBenchmarks), typeof(HoldBenchmarks), typeof(DeliveryBenchmarks)])
            Assert.All(BenchmarkRunner.Run(benchmarks, config).Reports, each => Assert.True(each.Success, each.BenchmarkCase.DisplayInfo));
    }
}
