using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using GroupComm.Runtime.Links;
using GroupComm.Transport;
using GroupComm.Wire;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class LinkTests
{
    [Fact]
    public async Task A_broken_connection_is_dialled_anew_and_nothing_is_lost()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        string[] addresses = [.. nodes[0].View!.Members.Select(member => member.Address)];
        for (int i = 0; i < 300; i++)
        {
            await groups[i % 3].SendBytesAsync(Bytes($"{i}"), DeliveryOrder.Agreed, Ct);
            if (i % 50 == 25)
                cluster.Network.Kill(addresses[i % 3], addresses[(i + 1) % 3]);
        }
        string[] first = await got[0].WaitAsync(300);
        Assert.Equal(300, first.Distinct().Count());
        Assert.Equal(first, await got[1].WaitAsync(300));
        Assert.Equal(first, await got[2].WaitAsync(300));
        Assert.All(nodes, node => Assert.Equal(3, node.View!.Members.Count));
        Assert.Equal(1, nodes[0].View!.Id);
    }

    [Fact]
    public async Task Nonsense_costs_the_link_and_nothing_else()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Recorder got = new();
        IGroup group = await nodes[0].JoinAsync("g", g => g.RegisterBytes(got.Handle), Ct);
        IPEndPoint address = IPEndPoint.Parse(nodes[0].View!.Members.Single(member => member.Id == nodes[0].Id).Address);

        // Not even a handshake; then a good handshake with a broken frame, a frame of no length, and one that is announced too long.
        await TalkAsync(address, "GET / HTTP/1.1\r\n\r\n\0\0\0\0\0\0"u8.ToArray());
        byte[] hello = HandshakeCodec.Encode(Handshake.Of("default", new NodeId("stranger", 5), "127.0.0.1:1", 1, 1));
        await TalkAsync(address, [.. hello, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
        await TalkAsync(address, [.. hello, 0, 0, 0, 0]);
        byte[] huge = [.. hello, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(huge.AsSpan(hello.Length), uint.MaxValue);
        await TalkAsync(address, huge);

        await Until.TrueAsync(() => ((Node.Node)nodes[0]).Links.Malformed >= 1);
        await group.SendBytesAsync(Bytes("fine"), DeliveryOrder.Safe, Ct);
        Assert.Equal(["fine"], await got.WaitAsync(1));
        Assert.Equal(2, nodes[1].View!.Members.Count);
    }

    [Fact]
    public async Task A_vanished_node_is_excluded_as_soon_as_its_port_refuses()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options =>
        {
            options.HeartbeatInterval = TimeSpan.FromSeconds(5); // only the refused dial can tell so soon
            options.SuspicionTimeout = TimeSpan.FromMinutes(1);
        });
        await ((Node.Node)nodes[1]).CrashAsync();
        View view = await FirstViewAsync(nodes[0], view => view.Members.Count == 2);
        Assert.Equal("connection refused", Assert.Single(view.Departed).Reason);
        await FirstViewAsync(nodes[2], next => next.Id == view.Id);
    }

    /// <summary>Found by torture: the peer stood still from the dial on, this node began a new life, the peer woke and answered the old one.</summary>
    [Fact]
    public async Task A_connection_whose_handshake_ends_in_a_later_life_is_made_anew()
    {
        await using TestCluster cluster = new(tcp: false);
        string address = FreeAddress();
        SlowPeer peer = new(address);
        await using InMemoryTransport other = new(cluster.Network, peer);
        await other.ListenAsync(address, Ct);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("n1", FreeAddress(), [address]));
        (IFrameLink before, NodeId old) = await peer.Greeted.Reader.ReadAsync(Ct).AsTask().WaitAsync(Limit, Ct);
        LinkManager links = ((Node.Node)node).Links;
        NodeId self = new(old.Name, old.Incarnation + 1);
        links.ChangeIdentity(self);
        peer.Answer(before);
        await Until.TrueAsync(() => links.Table.Find(peer.Id) is not null || peer.Greeted.Reader.TryPeek(out _));
        Assert.Null(links.Table.Find(peer.Id));
        (IFrameLink after, NodeId now) = await peer.Greeted.Reader.ReadAsync(Ct).AsTask().WaitAsync(Limit, Ct);
        Assert.Equal(self, now);
        peer.Answer(after);
        await Until.TrueAsync(() => links.Table.Find(peer.Id) is not null);
        Assert.Equal(self, links.Table.Find(peer.Id)!.Own.Node);
    }

    /// <summary>Answers handshakes when it is told to.</summary>
    private sealed class SlowPeer(string address) : ILinkSink
    {
        public NodeId Id { get; } = new("n2", 7);

        public Channel<(IFrameLink Link, NodeId From)> Greeted { get; } = Channel.CreateUnbounded<(IFrameLink, NodeId)>();

        public void Answer(IFrameLink link)
        {
            link.WriteRaw(HandshakeCodec.Encode(Handshake.Of("default", Id, address, 1, 1)));
            link.Flush();
        }

        public void OnOpened(IFrameLink link)
        {
            // It stands still.
        }

        public void OnFrame(IFrameLink link, in ReadOnlySequence<byte> frame)
        {
            if (HandshakeCodec.TryDecode(frame, out Handshake? theirs, out _))
                Greeted.Writer.TryWrite((link, theirs!.Node));
        }

        public void OnBatchEnd(IFrameLink link)
        {
            // Each frame counts by itself.
        }

        public void OnClosed(IFrameLink link, CloseReason reason)
        {
            // The node's side is what is tested.
        }
    }

    private static async Task TalkAsync(IPEndPoint address, byte[] bytes)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, Ct);
        await socket.SendAsync(bytes, Ct);
        byte[] answer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(answer, Ct).AsTask().WaitAsync(Limit, Ct) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: that is an end, too.
        }
    }
}
