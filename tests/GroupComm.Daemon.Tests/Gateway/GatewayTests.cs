using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Tests.Sidecar;
using GroupComm.Gateway.Protocol;
using Xunit;

namespace GroupComm.Daemon.Tests.Gateway;

public sealed class GatewayTests
{
    [Fact]
    public async Task Join_send_in_every_order_receipts_and_leave()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient alice = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        using GatewayClient bob = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        Assert.Equal((1, false, daemon.Node.Id.ToString(), true), (alice.Welcome.Version, alice.Welcome.Resumed, alice.Welcome.Node, alice.Welcome.Primary));
        ViewFrame first = await alice.JoinAsync("g", "alice");
        Assert.Equal(($"{daemon.Node.Id}/alice", "g"), (first.Self, first.Group));
        ViewFrame both = await bob.JoinAsync("g", "bob");
        Assert.Equal([$"{daemon.Node.Id}/alice", $"{daemon.Node.Id}/bob"], both.Members);
        Assert.Equal(both.View, (await alice.NextAsync<ViewFrame>()).View);
        foreach (DeliveryOrder order in Enum.GetValues<DeliveryOrder>())
        {
            long number = await alice.SendTextAsync(order.ToString(), order, SendFlags.TellAccepted | SendFlags.TellDelivered | SendFlags.TellSafe);
            List<Receipt> receipts = [await alice.NextAsync<Receipt>(), await alice.NextAsync<Receipt>(), await alice.NextAsync<Receipt>()];
            Assert.Equal([ReceiptStage.Accepted, ReceiptStage.Delivered, ReceiptStage.Safe], receipts.Select(receipt => receipt.Stage).Order());
            Assert.All(receipts, receipt => Assert.Equal((number, receipts[0].Id), (receipt.Ref, receipt.Id)));
            MessageFrame message = await bob.NextAsync<MessageFrame>();
            Assert.Equal((receipts[0].Id, first.Self, order, order.ToString()), (message.Id, message.From, message.Order, Encoding.UTF8.GetString(message.Payload.Span)));
        }
        long leave = alice.NewRef();
        await alice.SendAsync(new Numbered(FrameKind.Leave, leave));
        Assert.Equal("the member has left", (await alice.NextAsync<Notice>()).Text);
        await alice.NextAsync(FrameKind.Reached, leave);
        Assert.Equal([first.Self], (await bob.NextAsync<ViewFrame>()).Left);
        await alice.SendTextAsync("too late");
        Assert.Equal("no-membership", (await alice.NextAsync<Failed>()).Code);
    }

    [Fact]
    public async Task Sends_from_outside_unicasts_queries_and_barriers()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient alice = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        using GatewayClient bob = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await bob.SendTextAsync("nobody", group: "g");
        Assert.Equal("unknown-group", (await bob.NextAsync<Failed>()).Code);
        string self = (await alice.JoinAsync("g", "alice")).Self;
        await bob.SendTextAsync("from outside", group: "g");
        MessageFrame outside = await alice.NextAsync<MessageFrame>();
        Assert.Equal((null, 1L), (outside.From, outside.Position));
        string other = (await bob.JoinAsync("g", "bob")).Self;

        await alice.SendAsync(new SendTo(alice.NewRef(), other, "note", Encoding.UTF8.GetBytes("only you")));
        await alice.NextAsync(FrameKind.Done);
        MessageFrame note = await bob.NextAsync<MessageFrame>();
        Assert.Equal(("note", 0L, self), (note.Type, note.Position, note.From));
        await alice.SendAsync(new SendTo(alice.NewRef(), other, null, Encoding.UTF8.GetBytes("raw")));
        Assert.Null((await bob.NextAsync<MessageFrame>()).Type);
        await alice.SendAsync(new SendTo(alice.NewRef(), "n9#1/x", null, Array.Empty<byte>()));
        Assert.Equal("no-such-member", (await alice.NextAsync<Failed>()).Code);
        await alice.SendAsync(new SendTo(alice.NewRef(), "nonsense", null, Array.Empty<byte>()));
        Assert.Equal("bad-request", (await alice.NextAsync<Failed>()).Code);

        long query = alice.NewRef();
        await alice.SendAsync(new Query(query, "q", Encoding.UTF8.GetBytes("?"), DeliveryOrder.Agreed, 0));
        Ask own = await alice.NextAsync<Ask>(), asked = await bob.NextAsync<Ask>();
        Assert.Equal((self, "q", own.Id), (asked.From, asked.Type, asked.Id));
        await alice.SendAsync(new Reply(own.Query, true, Encoding.UTF8.GetBytes("mine")));
        await bob.SendAsync(new Reply(asked.Query, false, Encoding.UTF8.GetBytes("do not know")));
        Dictionary<string, Answer> answers = new[] { await alice.NextAsync<Answer>(), await alice.NextAsync<Answer>() }.ToDictionary(answer => answer.Member);
        await alice.NextAsync(FrameKind.Done, query);
        Assert.Equal((AnswerStatus.Value, "mine"), (answers[self].Status, Encoding.UTF8.GetString(answers[self].Payload.Span)));
        Assert.Equal((AnswerStatus.Error, "ClientException: do not know"), (answers[other].Status, Encoding.UTF8.GetString(answers[other].Payload.Span)));

        long barrier = bob.NewRef();
        await bob.SendAsync(new Numbered(FrameKind.Barrier, barrier));
        await bob.NextAsync(FrameKind.Reached, barrier);
    }

    [Fact]
    public async Task A_cut_client_that_resumes_misses_nothing_and_repeats_nothing()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient other = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        GatewayClient first = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        ViewFrame view = await first.JoinAsync("g", "alice");
        first.Acknowledges = false; // so that all of it has to come again where it was not received
        await other.SendTextAsync("1", group: "g");
        Assert.Equal("1", await first.NextTextAsync());
        await other.SendTextAsync("2", group: "g");
        await other.NextAsync<Receipt>();
        first.Dispose();
        await other.SendTextAsync("3", group: "g");
        await other.NextAsync<Receipt>();

        using GatewayClient again = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon), first.Welcome.Session, first.Received);
        Assert.Equal((true, 1L), (again.Welcome.Resumed, again.Welcome.Received));
        Assert.Equal(["2", "3"], [await again.NextTextAsync(), await again.NextTextAsync()]);
        await again.SendTextAsync("4");
        Assert.Equal("4", await again.NextTextAsync());
        Assert.Equal([view.Self], (await daemon.GetAsync("/v1/groups/g")).GetProperty("view").GetProperty("members").EnumerateArray().Select(member => member.GetString()));
    }

    [Fact]
    public async Task A_second_connection_takes_over_and_an_unknown_session_begins_anew()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient first = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await first.JoinAsync("g", "alice");
        using GatewayClient second = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon), first.Welcome.Session, first.Received);
        Assert.True(second.Welcome.Resumed);
        Assert.Equal("taken-over", (await first.NextAsync<Close>()).Code);
        using GatewayClient unknown = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon), new byte[16], 12);
        Assert.False(unknown.Welcome.Resumed);
        Assert.NotEqual(new byte[16], unknown.Welcome.Session);
    }

    [Fact]
    public async Task The_member_leaves_when_the_grace_is_over_or_the_client_says_bye()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient watcher = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await watcher.JoinAsync("g", "watcher");
        foreach (bool bye in new[] { true, false })
        {
            GatewayClient client = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon), grace: bye ? 600_000 : 100);
            string self = (await client.JoinAsync("g", "alice")).Self;
            Assert.Equal([self], (await watcher.NextAsync<ViewFrame>()).Joined);
            if (bye)
                await client.SendAsync(new Close("bye", "", ""));
            else
                client.Dispose();
            Assert.Equal([self], (await watcher.NextAsync<ViewFrame>()).Left);
        }
    }

    [Fact]
    public async Task A_client_that_does_not_acknowledge_is_removed_and_one_that_is_cut_holds_up_nobody()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(change: options => options.SendWindow = 1 << 16);
        using GatewayClient sender = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await sender.JoinAsync("g", "sender");
        GatewayClient cut = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon), window: 1 << 16);
        await cut.JoinAsync("g", "cut");
        cut.Dispose();
        string block = new('x', 30_000);
        for (int i = 0; i < 20; i++)
        {
            await sender.SendTextAsync(block);
            await sender.NextAsync<Receipt>();
        }
        using GatewayClient slow = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon), window: 1 << 16);
        string self = (await slow.JoinAsync("g", "slow", new JoinOptions(SlowConsumerTimeout: 500))).Self;
        slow.Acknowledges = false;
        for (int i = 0; i < 20; i++)
            await sender.SendTextAsync(block);
        Assert.Equal(self, Assert.Single((await sender.NextAsync<ViewFrame>(view => view.Left.Contains(self))).Left));
        slow.Acknowledges = true; // what waits for it still comes, and says so
        await slow.SendAsync(new Numbered(FrameKind.Ack, slow.Received));
        Assert.Equal(FrameKind.Left, (await slow.NextAsync<Notice>(notice => notice.Kind == FrameKind.Left)).Kind);
    }

    [Fact]
    public async Task State_goes_from_client_to_client_at_its_place()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient donor = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        using GatewayClient joiner = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await donor.JoinAsync("g", "donor", new JoinOptions(State: true));
        await donor.SendTextAsync("before");
        await donor.NextTextAsync();
        long join = joiner.NewRef();
        await joiner.SendAsync(new Join(join, "g", "joiner", new JoinOptions(State: true)));
        long capture = (await donor.NextAsync(FrameKind.Capture)).Number;
        await donor.SendTextAsync("after");
        await donor.SendAsync(new Part(capture, Encoding.UTF8.GetBytes("be")));
        await donor.SendAsync(new Part(capture, Encoding.UTF8.GetBytes("fore")));
        await donor.SendAsync(new End(capture, null));
        long restore = (await joiner.NextAsync(FrameKind.Restore)).Number;
        StringBuilder state = new();
        GatewayFrame frame;
        while ((frame = await joiner.NextAsync<GatewayFrame>(each => each is Part or End)) is Part part)
            state.Append(Encoding.UTF8.GetString(part.Bytes.Span));
        Assert.Equal(new End(restore, null), frame);
        Assert.Equal("before", state.ToString());
        await joiner.SendAsync(new End(restore, null));
        Assert.Equal("after", await joiner.NextTextAsync());
        await joiner.NextAsync(FrameKind.Reached, join);
    }

    [Fact]
    public async Task A_capture_that_fails_fails_that_join_with_the_clients_words()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient donor = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        using GatewayClient joiner = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await donor.JoinAsync("g", "donor", new JoinOptions(State: true));
        await joiner.SendAsync(new Join(joiner.NewRef(), "g", "joiner", new JoinOptions(State: true)));
        await donor.SendAsync(new End((await donor.NextAsync(FrameKind.Capture)).Number, "disk full"));
        Failed failed = await joiner.NextAsync<Failed>();
        Assert.Equal("state-transfer", failed.Code);
        Assert.Contains("disk full", failed.Detail, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(VectorTests.Bad), MemberType = typeof(VectorTests))]
    public async Task A_bad_frame_closes_its_connection_and_no_other(string name)
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient good = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await good.JoinAsync("g", "good");
        using GatewayClient bad = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await bad.WriteAsync(VectorTests.BadBytes(name));
        Close close = await bad.NextAsync<Close>();
        Assert.Equal(("bad-frame", VectorTests.WhyBad(name)), (close.Code, close.Detail));
        Assert.Null(await bad.NextAsync());
        await good.SendTextAsync("still here");
        Assert.Equal("still here", await good.NextTextAsync());
    }

    [Fact]
    public async Task Frames_out_of_place_and_sizes_out_of_range_are_refused()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        (byte[] Bytes, bool Hello, string Code, string Why)[] cases =
        [
            (FrameEncoder.Encode(new Numbered(FrameKind.Ack, 0)), false, "bad-frame", "the first frame is not HELLO"),
            (Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), false, "bad-frame", "a frame of 1195725856 bytes is announced: 1 to 4092 are allowed here"),
            (FrameEncoder.Encode(new Hello(2, 9, "c", 65_536, 0, null, 0)), false, "version", "this daemon speaks version 1, the client 2 to 9"),
            (FrameEncoder.Encode(new Hello(1, 1, "c", 65_536, 0, null, 0)), true, "bad-frame", "Hello has no place here"),
            (FrameEncoder.Encode(new Numbered(FrameKind.Done, 1)), true, "bad-frame", "Done is not for a client to send"),
            (FrameEncoder.Encode(new Numbered(FrameKind.Ack, 9)), true, "bad-frame", "ACK 9 acknowledges frames that were not sent, or fewer than before"),
            ([0, 0, 0, 0], true, "bad-frame", "a frame of 0 bytes is announced: 1 to 1114108 are allowed here"),
        ];
        foreach ((byte[] bytes, bool hello, string code, string why) in cases)
        {
            Stream stream = await GatewayClient.WebSocketAsync(daemon);
            using GatewayClient client = hello ? await GatewayClient.ConnectAsync(stream) : GatewayClient.Raw(stream);
            await client.WriteAsync(bytes);
            Close close = await client.NextAsync<Close>();
            Assert.Equal((code, why), (close.Code, close.Detail));
        }
    }

    [Fact]
    public async Task A_unix_socket_and_tcp_speak_the_same_and_the_socket_is_for_its_group_only()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        string path = Path.Combine(Path.GetTempPath(), $"groupcomm-{Guid.NewGuid():N}.sock");
        GatewayPlan plan = GatewayPlan.Of(path, "127.0.0.1:0", insecure: false)!;
        await using (GatewayHost host = await GatewayHost.StartAsync(daemon.Gateway, plan, Sidecar.Daemon.Ct))
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal("0660", "0" + Convert.ToString((int)File.GetUnixFileMode(path), 8));
            using Socket unix = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), tcp = new(SocketType.Stream, ProtocolType.Tcp);
            await unix.ConnectAsync(new UnixDomainSocketEndPoint(path), Sidecar.Daemon.Ct);
            await tcp.ConnectAsync(host.Tcp!, Sidecar.Daemon.Ct);
            using GatewayClient a = await GatewayClient.ConnectAsync(new NetworkStream(unix)), b = await GatewayClient.ConnectAsync(new NetworkStream(tcp));
            await a.JoinAsync("g", "a");
            await b.JoinAsync("g", "b");
            await a.SendTextAsync("over both");
            Assert.Equal("over both", await b.NextTextAsync());
            JoinException taken = await Assert.ThrowsAsync<JoinException>(() => GatewayHost.StartAsync(daemon.Gateway, plan, Sidecar.Daemon.Ct));
            Assert.Contains("is in use or no socket; name another --socket", taken.Message, StringComparison.Ordinal);
            await daemon.Gateway.DrainAsync(TimeSpan.FromSeconds(5));
            Assert.Equal("draining", (await a.NextAsync<Close>()).Code);
        }
        Assert.False(File.Exists(path));
    }
}
