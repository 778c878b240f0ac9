using System;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>A newcomer is given the state of a group, and whoever gives it ends in the middle.</summary>
[Collection(Run.Beside)]
public sealed class TransferTests(NodeImage image)
{
    [Theory]
    [InlineData("safe", "kill")]
    [InlineData("causal", "pause")]
    public async Task A_donor_that_ends_in_mid_transfer_is_replaced(string order, string end)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        // Sixteen MiB in eight seconds: time to find out who gives them, and to end it.
        await using GroupCommCluster cluster = await image.Cluster().WithLateNodes(1).WithSuspicionTimeout(TimeSpan.FromSeconds(2))
            .WithLoad($"stock:100:{order}:state-mib=16:state-ms=8000").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await cluster.RestartAsync(4, ct);
        string awaits = await cluster[4].SeesAsync("awaits the state of stock from", ct);
        int donor = int.Parse(Regex.Match(awaits, @"from n(\d)#").Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromSeconds(1), ct);
        Assert.DoesNotContain("has restored", await cluster[4].ReadLogAsync(ct));
        if (end == "kill")
            await cluster.KillAsync(donor, ct);
        else
            await cluster.PauseAsync(donor, ct);

        string restored = await cluster[4].SeesAsync(@"has restored the state of stock, \d+ bytes from n\d", ct);
        Assert.DoesNotMatch($"from n{donor}#", restored);
        Assert.Matches($@"stock, {(16 << 20) + 16} bytes", restored);
        await cluster.RecoversAsync(ct);
        // Back again it is a newcomer, and given the state as well.
        if (end == "kill")
            await cluster.RestartAsync(donor, ct);
        else
            await cluster.ResumeAsync(donor, ct);
        await cluster.RecoversAsync(ct);
        Assert.Matches(@"has restored the state of stock, \d+ bytes", await cluster[donor].SeesAsync("has restored the state", ct));
    }
}
