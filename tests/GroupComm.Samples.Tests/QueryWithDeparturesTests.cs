using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Samples.Tests;

public class QueryWithDeparturesTests
{
    [Fact]
    public async Task Answers_come_as_they_arrive_and_a_killed_member_is_reported_instead_of_awaited()
    {
        string[][] ports = Sample.Ports(3);
        await using Sample a = Sample.Start("QueryWithDepartures", ports[0]), b = Sample.Start("QueryWithDepartures", ports[1]),
            slow = Sample.Start("QueryWithDepartures", ports[2], ("THINK", "3600"));
        foreach (Sample each in (Sample[])[a, b, slow])
            await each.SeesAsync(": 3 members");

        await a.TypeAsync("majority");
        await a.SeesAsync(" answers: process ");
        await a.SeesAsync(" answers: process ");
        await a.SeesAsync("that is all");

        await b.TypeAsync("");
        await b.SeesAsync(" answers: process ");
        await b.SeesAsync(" answers: process ");
        slow.Kill();
        string departed = await b.SeesAsync(" departed before it answered");
        Assert.Contains($"n{ports[2][0]}", departed, System.StringComparison.Ordinal);
        await b.SeesAsync("that is all");
        Assert.Equal(0, await a.EndAsync());
        Assert.Equal(0, await b.EndAsync());
    }
}
