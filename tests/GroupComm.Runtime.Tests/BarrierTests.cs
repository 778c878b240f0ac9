using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class BarrierTests
{
    [Theory]
    [InlineData(true, DeliveryOrder.Fifo)]
    [InlineData(false, DeliveryOrder.Causal)]
    [InlineData(true, DeliveryOrder.Safe)]
    public async Task Barrier_sees_what_the_safe_receipt_of_another_node_promised(bool tcp, DeliveryOrder order)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        for (int i = 0; i < 50; i++)
        {
            SendReceipt receipt = await groups[i % 3].SendBytesAsync(Bytes($"{i}"), order, Ct);
            await receipt.Safe.WaitAsync(Limit, Ct);
            await groups[(i + 1) % 3].BarrierAsync(Ct).AsTask().WaitAsync(Limit, Ct);
            Assert.Contains($"{i}", got[(i + 1) % 3].Texts);
        }
    }

    [Fact]
    public async Task Barrier_waits_for_the_handlers_of_what_was_delivered_before()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Recorder got = new();
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(async (payload, context, ct) =>
        {
            if (i == 0)
                return;
            await go.Task;
            await got.Handle(payload, context, ct);
        }));
        SendReceipt receipt = await groups[0].SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct);
        await receipt.Safe.WaitAsync(Limit, Ct);
        await groups[0].BarrierAsync(Ct);
        Task barrier = groups[1].BarrierAsync(Ct).AsTask();
        await groups[0].BarrierAsync(Ct);
        Assert.False(barrier.IsCompleted);
        go.SetResult();
        await barrier.WaitAsync(Limit, Ct);
        Assert.Equal(["x"], got.Texts);
    }

    [Fact]
    public async Task Node_that_is_not_primary_serves_no_barrier()
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes(new Recorder().Handle));
        string[] addresses = [.. nodes[0].View!.Members.Select(member => member.Address)];
        IGroupCommNode alone = nodes.Single(node => node.Id == nodes[0].View!.Members[2].Id);
        IGroup group = groups[Array.IndexOf(nodes, alone)];
        cluster.Network.Cut(addresses[2], addresses[0]);
        cluster.Network.Cut(addresses[2], addresses[1]);
        await Assert.ThrowsAnyAsync<GroupCommException>(async () => await group.BarrierAsync(Ct).AsTask().WaitAsync(Limit, Ct));
    }

    [Fact]
    public async Task Traces_of_barrier_reads_are_judged()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("groupcomm-reads").FullName;
        try
        {
            await using (TestCluster cluster = new(tcp: false))
            {
                IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.TraceFile = System.IO.Path.Combine(folder, $"{options.Name}.jsonl"));
                IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes(new Recorder().Handle));
                for (int i = 0; i < 5; i++)
                {
                    SendReceipt receipt = await groups[0].SendBytesAsync(Bytes($"{i}"), DeliveryOrder.Causal, Ct);
                    await receipt.Safe.WaitAsync(Limit, Ct);
                    await groups[1].BarrierAsync(Ct);
                }
            }
            string[] files = System.IO.Directory.GetFiles(folder);
            string text = string.Concat(files.Select(System.IO.File.ReadAllText));
            Assert.Contains("\"ev\":\"read\"", text, StringComparison.Ordinal);
            Assert.Contains("\"stage\":\"safe\"", text, StringComparison.Ordinal);
            System.IO.StringWriter output = new(), error = new();
            Assert.True(Testing.Laws.TraceCheck.Run(files, output, error, json: false) == 0, $"{output}{error}");
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }
}
