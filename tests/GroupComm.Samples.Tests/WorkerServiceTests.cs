using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Samples.Tests;

public class WorkerServiceTests
{
    [Fact]
    public async Task The_next_replica_takes_over_from_a_killed_one_and_sigterm_leaves()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGTERM");
        string[][] ports = Sample.Ports(3);
        await using Sample a = Start(ports[0]), b = Start(ports[1]), c = Start(ports[2]);
        Sample[] all = [a, b, c];
        string[] views = await Task.WhenAll(all.Select(each => each.SeesAsync(": 3 members, ")));
        string first = Works(views[0]);
        foreach (Sample each in all)
            await each.SeesAsync($" was done by {first}");

        all[Place(first)].Kill();
        Sample[] left = [.. all.Where((_, i) => i != Place(first))];
        string second = Works(await left[0].SeesAsync(": 2 members, "));
        Assert.NotEqual(first, second);
        foreach (Sample each in left)
            await each.SeesAsync($" was done by {second}");

        Sample leaver = all[Place(second)], last = left.Single(each => each != leaver);
        leaver.Terminate();
        Assert.Equal(0, await leaver.ExitAsync());
        Assert.Contains("left", await last.SeesAsync(": 1 members, "), StringComparison.Ordinal);
        last.Terminate();
        Assert.Equal(0, await last.ExitAsync());

        int Place(string name) => Array.FindIndex(ports, each => $"w{each[0]}" == name);
    }

    private static string Works(string view) => view[(view.IndexOf("members, ", StringComparison.Ordinal) + 9)..view.IndexOf(" works", StringComparison.Ordinal)];

    private static Sample Start(string[] ports) => Sample.Start(
        "WorkerService", [],
        ("GROUPCOMM__NAME", $"w{ports[0]}"), ("GROUPCOMM__SUSPICIONTIMEOUT", "30s"), ("GROUPCOMM__LISTEN", $"127.0.0.1:{ports[0]}"),
        ("GROUPCOMM__SEEDS", string.Join(',', ports.Select(port => $"127.0.0.1:{port}"))));
}
