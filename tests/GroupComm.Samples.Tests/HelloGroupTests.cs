using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Samples.Tests;

public class HelloGroupTests
{
    [Fact]
    public async Task Three_processes_hear_everything_in_one_order_and_survive_a_kill()
    {
        string[][] ports = Sample.Ports(3);
        await using Sample a = Sample.Start("HelloGroup", ports[0]), b = Sample.Start("HelloGroup", ports[1]), c = Sample.Start("HelloGroup", ports[2]);
        Sample[] all = [a, b, c];
        foreach (Sample each in all)
            await each.SeesAsync(line => Members(line) == 3);

        await Task.WhenAll(all.SelectMany((each, i) => Enumerable.Range(0, 5).Select(n => each.TypeAsync($"hello {i}.{n}"))));
        string[][] heard = new string[3][];
        for (int i = 0; i < 3; i++)
        {
            heard[i] = new string[15];
            for (int n = 0; n < 15; n++)
                heard[i][n] = await all[i].SeesAsync("hello ");
        }
        Assert.Equal(heard[0], heard[1]);
        Assert.Equal(heard[0], heard[2]);

        b.Kill();
        await a.SeesAsync(line => Members(line) == 2);
        await c.SeesAsync(line => Members(line) == 2);
        await c.TypeAsync("still here");
        await a.SeesAsync("still here");
        Assert.Equal(0, await a.EndAsync());
        await c.SeesAsync(line => Members(line) == 1);
        Assert.Equal(0, await c.EndAsync());
    }

    private static int Members(string line) =>
        line.StartsWith("view ", StringComparison.Ordinal) ? line.Split('(')[0].Count(c => c == '/') : 0;
}
