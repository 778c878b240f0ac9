using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Inspection;
using GroupComm.Runtime.Links;
using GroupComm.Wire;
using GroupComm.Wire.Tests;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Security;

/// <summary>Law Q5: what a member puts on its own, good connection in another's name, or of another view or connection, is nothing.</summary>
public class ForgedFramesTests
{
    [Theory]
    [InlineData("forged sender")]
    [InlineData("another view")]
    [InlineData("another epoch")]
    [InlineData("another connection")]
    [InlineData("played again")]
    [InlineData("no member of the group")]
    [InlineData("itself")] // shows that the others would be delivered if they were not what they are
    public async Task A_frame_that_is_not_what_it_says_is_not_delivered(string attack)
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        foreach (IGroup group in groups)
            await (await group.SendBytesAsync(Bytes("first"), DeliveryOrder.Safe, Ct)).Safe.WaitAsync(Limit, Ct);
        await got[0].WaitAsync(3);

        RuntimeInspection look = await ((INodePort)nodes[0]).InspectAsync(Ct);
        int Rank(int node) => nodes[0].View!.Members.ToList().FindIndex(member => member.Id == nodes[node].Id);
        ViewKey view = look.Core.View!.Value;
        PeerLink link = ((Node.Node)nodes[1]).Links.Table.Find(nodes[0].Id)!;
        (int sender, uint generation) = (Rank(1), link.Own.Generation);
        switch (attack)
        {
            case "forged sender":
                sender = Rank(2);
                break;
            case "another view":
                view = view with { Id = view.Id - 1 };
                break;
            case "another epoch":
                view = view with { Epoch = view.Epoch - 1 };
                break;
            case "another connection":
                generation--;
                break;
        }
        // Whatever the next number of that stream is, one of these has it.
        long[] numbers = attack == "played again" ? [1, 2, 3] : [.. Enumerable.Range(1, 40)];
        foreach (long number in numbers)
        {
            Segment segment = new() { Order = DeliveryOrder.Fifo, Group = attack == "no member of the group" ? 99 : 1, GroupView = groups[0].View.Id.Number };
            Bundle bundle = new BundleMaker(view, sender, number, new long[3]).Add(segment, Bytes("forged")).Build();
            link.Link.WriteRaw(new FrameEncoder(checksum: true).Encode(bundle, generation).ToArray());
        }
        link.Link.Flush();
        if (attack is "itself" or "no member of the group")
        {
            // It spoke in its own name, and has no number left for what it says next.
            await groups[0].SendBytesAsync(Bytes("last"), DeliveryOrder.Agreed, Ct);
            await got[0].WaitAsync(attack == "itself" ? 5 : 4);
        }
        else
        {
            // What the three say next still comes, and a forged message would have come before it: nothing has taken its number.
            foreach (IGroup group in groups)
                await group.SendBytesAsync(Bytes("last"), DeliveryOrder.Agreed, Ct);
            await got[0].WaitAsync(6);
        }
        Assert.Equal(attack == "itself", got[0].Texts.Contains("forged"));
    }

    [Theory]
    [InlineData(-1, "an earlier life of the member")]
    [InlineData(0, "the member itself, from elsewhere")]
    [InlineData(1, "a later life of the member")]
    public async Task Frames_played_on_a_connection_of_another_life_are_not_delivered(long lives, string who)
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        await (await groups[1].SendBytesAsync(Bytes("first"), DeliveryOrder.Safe, Ct)).Safe.WaitAsync(Limit, Ct);
        await got[0].WaitAsync(1);

        RuntimeInspection look = await ((INodePort)nodes[0]).InspectAsync(Ct);
        ViewMember target = nodes[0].View!.Members.Single(member => member.Id == nodes[0].Id), other = nodes[0].View!.Members.Single(member => member.Id == nodes[1].Id);
        Handshake own = ((Node.Node)nodes[1]).Links.Table.Find(nodes[0].Id)!.Own;
        NodeId life = new(other.Id.Name, other.Id.Incarnation + lives);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(target.Address), Ct);
        const uint Generation = 1_000_000; // above every one that the true connection has had
        await socket.SendAsync(HandshakeCodec.Encode(own with { Node = life, Generation = Generation }), Ct);
        FrameEncoder encoder = new(checksum: true);
        for (long number = 1; number <= 40; number++)
        {
            Segment segment = new() { Order = DeliveryOrder.Fifo, Group = 1, GroupView = groups[0].View.Id.Number };
            Bundle bundle = new BundleMaker(look.Core.View!.Value, nodes[0].View!.Members.ToList().IndexOf(other), number, new long[3]).Add(segment, Bytes("forged")).Build();
            try
            {
                await socket.SendAsync(encoder.Encode(bundle, Generation).ToArray(), Ct);
            }
            catch (SocketException)
            {
                break; // it hangs up: as good as being ignored
            }
        }
        await (await groups[1].SendBytesAsync(Bytes("last"), DeliveryOrder.Safe, Ct)).Safe.WaitAsync(Limit, Ct);
        await got[0].WaitAsync(2);
        Assert.True(!got[0].Texts.Contains("forged"), who);
        Assert.All(nodes, node => Assert.Equal((1, 3), (node.View!.Id, node.View!.Members.Count)));
    }
}
