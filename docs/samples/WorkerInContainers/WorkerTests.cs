using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Images;
using GroupComm;
using Xunit;

namespace WorkerInContainers;

/// <summary>
/// Three replicas of the worker service, of which the senior one works. It is killed, the next is cut off: each time another must go on
/// with the next job, no job may be done twice, and no law of GroupComm may be broken on the way.
/// </summary>
public sealed class WorkerTests : IAsyncLifetime
{
    private IFutureDockerImage _image = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestcontainersSettings.OS.DockerEndpointAuthConfig is null, "no container engine answers: start Docker");
        _image = await WorkerImage.BuildAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_image is not null)
            await _image.DeleteAsync();
    }

    [Fact]
    public async Task Somebody_works_whatever_happens_and_no_job_is_done_twice()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await new GroupCommClusterBuilder(_image)
            .WithNodes(3).WithCluster("jobs").ConfiguredByEnvironment().WithSuspicionTimeout(TimeSpan.FromSeconds(4)).StartAsync(ct);
        int first = await WorkerAsync(cluster[1], ct);

        // The worker crashes: the next in rank goes on.
        await cluster.KillAsync(first, ct);
        int second = await WorkerAsync(cluster[first == 1 ? 2 : 1], ct, not: first);

        // The first comes back as a newcomer, and the second loses its network. It must stop; the third is the senior of the two that are left.
        int third = 6 - first - second;
        GroupCommContainer witness = cluster[third];
        await cluster.RestartAsync(first, ct);
        await cluster.SettleAsync(flows: false, ct);
        await cluster.CutAsync([second], ct);
        Assert.Equal(third, await WorkerAsync(witness, ct, not: second, nor: first));

        await cluster.HealAsync(ct);
        await cluster.SettleAsync(flows: false, ct);
        ClusterVerdict verdict = await cluster.VerdictAsync(ct);
        Assert.True(verdict.Ok, verdict.Text);

        int[] jobs = [.. Done(await witness.ReadLogAsync(ct)).Select(each => each.Job)];
        Assert.Equal(jobs.Distinct(), jobs);
        Assert.Equal(jobs.Order(), jobs);
        Assert.Equal(0, await cluster.StopAsync(third, ct)); // SIGTERM: the host stops, its node leaves
    }

    /// <summary>Who did a job, as a replica was told, other than these.</summary>
    private static async Task<int> WorkerAsync(GroupCommContainer witness, CancellationToken ct, int not = 0, int nor = 0) =>
        Done(await witness.SeesAsync($@"job \d+ was done by n[^{not}{nor}]\b", ct)).First().By;

    private static IEnumerable<(int Job, int By)> Done(string log) => Regex.Matches(log, @"job (\d+) was done by n(\d)")
        .Select(line => (int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(line.Groups[2].ValueSpan, CultureInfo.InvariantCulture)));
}
