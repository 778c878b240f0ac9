using System;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Samples.Tests;

public class ReplicatedDictionaryTests
{
    [Fact]
    public async Task A_killed_replica_comes_back_with_the_state_of_the_others()
    {
        string[][] ports = Sample.Ports(3);
        await using Sample a = Sample.Start("ReplicatedDictionary", ports[0]), b = Sample.Start("ReplicatedDictionary", ports[1]);
        await using (Sample c = Sample.Start("ReplicatedDictionary", ports[2]))
        {
            foreach (Sample each in (Sample[])[a, b, c])
                await each.SeesAsync(" 3 replicas ");
            for (int i = 0; i < 20; i++)
                await c.TypeAsync($"set k{i} v{i}");
            await c.SeesAsync("k19 is set");
            await a.TypeAsync("fresh k19");
            await a.SeesAsync(line => line == "v19");
            c.Kill();
        }
        await a.SeesAsync(" 2 replicas ");
        await a.TypeAsync("set k0 changed");
        await a.SeesAsync("k0 is set");

        await using Sample again = Sample.Start("ReplicatedDictionary", ports[2]);
        await again.SeesAsync(" 3 replicas ");
        await again.TypeAsync("set last one");
        await again.SeesAsync("last is set");
        string[] states = new string[3];
        Sample[] live = [a, b, again];
        for (int i = 0; i < 3; i++)
        {
            await live[i].TypeAsync("fresh last");
            await live[i].SeesAsync(line => line == "one");
            await live[i].TypeAsync("all");
            states[i] = await live[i].SeesAsync("k0=");
        }
        Assert.Contains("k0=changed, ", states[2], StringComparison.Ordinal);
        Assert.Contains("k19=v19", states[2], StringComparison.Ordinal);
        Assert.Equal(states[0], states[1]);
        Assert.Equal(states[0], states[2]);
        foreach (Sample each in live)
            Assert.Equal(0, await each.EndAsync());
    }
}
