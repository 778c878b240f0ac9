using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Registers;

public class QuorumRegisterTests
{
    [Fact]
    public async Task What_one_wrote_all_read_and_a_minority_is_refused()
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        QuorumRegister[] registers = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => registers[i].Configure(g));
        for (int i = 0; i < 3; i++)
            registers[i].Group = groups[i];

        await registers[0].WriteAsync("one", Ct).WaitAsync(Limit, Ct);
        foreach (QuorumRegister register in registers)
            Assert.Equal("one", await register.ReadAsync(Ct).WaitAsync(Limit, Ct));
        await registers[2].WriteAsync("two", Ct).WaitAsync(Limit, Ct);
        Assert.Equal("two", await registers[1].ReadAsync(Ct).WaitAsync(Limit, Ct));

        // Writes at once, two of them by one member: all agree on one of them.
        string[] values = ["a", "b", "c"];
        await Task.WhenAll(values.Select((value, i) => registers[i % 2].WriteAsync(value, Ct))).WaitAsync(Limit, Ct);
        string last = await registers[0].ReadAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Contains(last, values);
        foreach (QuorumRegister register in registers)
            Assert.Equal(last, await register.ReadAsync(Ct).WaitAsync(Limit, Ct));

        View view = nodes[0].View!;
        int alone = Array.FindIndex(nodes, node => node.Id == view.Members[2].Id), other = Array.FindIndex(nodes, node => node.Id == view.Members[0].Id);
        foreach (ViewMember member in view.Members.Take(2))
            cluster.Network.Cut(view.Members[2].Address, member.Address);
        await groups[alone].WaitForStatusAsync(GroupStatus.NotPrimary);
        await Assert.ThrowsAsync<NotPrimaryException>(() => registers[alone].ReadAsync(Ct).WaitAsync(Limit, Ct));
        await Assert.ThrowsAsync<NotPrimaryException>(() => registers[alone].WriteAsync("lost", Ct).WaitAsync(Limit, Ct));
        await registers[other].WriteAsync("three", Ct).WaitAsync(Limit, Ct);
        Assert.Equal("three", await registers[other].ReadAsync(Ct).WaitAsync(Limit, Ct));
    }
}
