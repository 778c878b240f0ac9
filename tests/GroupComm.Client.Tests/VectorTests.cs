using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GroupComm.Client.Frames;
using GroupComm.Client.Groups;
using Xunit;

namespace GroupComm.Client.Tests;

/// <summary>The bytes of interop/vectors, written and read by this client.</summary>
public sealed class VectorTests
{
    private static readonly JsonNode s_gateway = Read("gateway");

    public static TheoryData<string> OfClients => [.. Names("frames", "client", "both")];

    public static TheoryData<string> OfDaemons => [.. Names("frames", "daemon", "both")];

    [Theory, MemberData(nameof(OfClients))]
    public void A_frame_is_written_as_its_vector(string name)
    {
        JsonNode vector = Vector("frames", name);
        Assert.Equal((string)vector["hex"]!, Convert.ToHexStringLower(Write((FrameKind)(int)vector["kind"]!, [.. vector["fields"]!.AsObject().Select(field => field.Value)])));
    }

    [Theory, MemberData(nameof(OfDaemons))]
    public void A_frame_is_read_from_its_vector(string name)
    {
        JsonNode vector = Vector("frames", name);
        FrameKind kind = (FrameKind)(int)vector["kind"]!;
        Frame frame = Decode((string)vector["hex"]!)!;
        Assert.Equal(kind, frame.Kind);
        // A member of the frame has one word for what the vector calls number or text, and keeps kinds and numbers of queries apart.
        IEnumerable<JsonNode?> expected = vector["fields"]!.AsObject().Select(field => field.Value);
        if (kind is FrameKind.PrimaryRegained or FrameKind.GroupLost)
            expected = [];
        Assert.Equal(new JsonArray([.. expected.Select(each => each?.DeepClone())]).ToJsonString(), new JsonArray([.. Fields(frame)]).ToJsonString());
    }

    [Fact]
    public void Bad_frames_are_refused()
    {
        // What only a daemon reads is refused for its kind alone; the rest for what is wrong with it.
        foreach (JsonNode? vector in s_gateway["bad"]!.AsArray())
            Assert.Throws<BadFrameException>(() => Decode((string)vector!["hex"]!));
    }

    [Fact]
    public void What_a_later_version_adds_is_passed_over()
    {
        foreach (JsonNode? vector in s_gateway["additive"]!.AsArray().Where(vector => (string)vector!["readAs"]! != "join"))
        {
            Frame? read = Decode((string)vector!["hex"]!);
            string same = (string)vector["readAs"]!;
            if (same.Length == 0)
                Assert.Null(read);
            else
                Assert.Equal(Show(Decode((string)Vector("frames", same)["hex"]!)!), Show(read!));
        }

        static string Show(Frame frame) => $"{frame.Kind} {new JsonArray([.. Fields(frame)]).ToJsonString()}";
    }

    [Fact]
    public void Random_bytes_and_broken_vectors_never_fail_otherwise()
    {
        Random draw = new(81);
        string[] frames = [.. s_gateway["frames"]!.AsArray().Select(vector => (string)vector!["hex"]!)];
        FrameDecoder decoder = new();
        int refused = 0;
        for (int i = 0; i < 40_000; i++)
        {
            byte[] bytes = Convert.FromHexString(frames[draw.Next(frames.Length)])[4..];
            for (int changes = draw.Next(1, 4); changes > 0; changes--)
                bytes[draw.Next(bytes.Length)] = (byte)draw.Next(256);
            if (draw.Next(4) == 0)
                bytes = bytes[..draw.Next(bytes.Length)];
            try
            {
                decoder.Decode(new ReadOnlySequence<byte>(bytes));
            }
            catch (BadFrameException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 10_000, 39_999);
    }

    [Fact]
    public void A_group_message_is_written_as_its_vector_and_read_from_it()
    {
        MessagePackMessageSerializer serializer = new();
        foreach (JsonNode? vector in Read("typed")["messages"]!.AsArray())
        {
            byte[] bytes = Convert.FromHexString((string)vector!["hex"]!);
            StockChanged message = serializer.Deserialize<StockChanged>(new ReadOnlySequence<byte>(bytes));
            JsonNode fields = vector["fields"]!;
            Assert.Equal(((string)fields["Name"]!, (string)fields["Quantity"]!, (string)fields["Serial"]!, (double)fields["Price"]!, (string?)fields["Note"]),
                (message.Name, $"int:{message.Quantity}", $"int:{message.Serial}", message.Price, message.Note));
            ArrayBufferWriter<byte> written = new();
            serializer.Serialize(written, message);
            Assert.Equal(bytes, written.WrittenSpan.ToArray());
            Assert.Equal((string)vector["type"]!, MessageType<StockChanged>.Id);
        }
    }

    internal static Frame? Decode(string hex) => new FrameDecoder().Decode(new ReadOnlySequence<byte>(Convert.FromHexString(hex)[4..]));

    private static byte[] Write(FrameKind kind, JsonNode?[] f) => kind switch
    {
        FrameKind.Hello => FrameEncoder.Hello((int)f[0]!, (int)f[1]!, (string)f[2]!, (long)f[3]!, (long)f[4]!, f[5] is null ? null : Bytes(f[5]), (long)f[6]!),
        FrameKind.Ack or FrameKind.Ping or FrameKind.Pong or FrameKind.Leave or FrameKind.Barrier => FrameEncoder.Numbered(kind, (long)f[0]!),
        FrameKind.Close => FrameEncoder.Close((string)f[0]!, (string)f[1]!, (string)f[2]!),
        FrameKind.Join => FrameEncoder.Join((long)f[0]!, (string)f[1]!, (string?)f[2], new JoinWish(
            (bool)f[3]!["state"]!, (bool)f[3]!["open"]!, (bool)f[3]!["agreedOnly"]!, (bool)f[3]!["startEmptyWhenStateIsLost"]!, (long)f[3]!["slowConsumerTimeout"]!,
            (bool)f[3]!["states"]!)),
        FrameKind.Send => FrameEncoder.Send((long)f[0]!, (string?)f[1], (DeliveryOrder)(int)f[2]!, (string?)f[3], Bytes(f[4]), (int)f[5]!),
        FrameKind.SendTo => FrameEncoder.SendTo((long)f[0]!, (string)f[1]!, (string?)f[2], Bytes(f[3])),
        FrameKind.Query => FrameEncoder.Query((long)f[0]!, (string)f[1]!, Bytes(f[2]), (DeliveryOrder)(int)f[3]!, (int)f[4]!),
        FrameKind.Reply => FrameEncoder.Reply((long)f[0]!, (bool)f[1]!, Bytes(f[2])),
        FrameKind.Part => FrameEncoder.Part((long)f[0]!, Bytes(f[1])),
        FrameKind.End => FrameEncoder.End((long)f[0]!, (string?)f[1]),
        _ => throw new ArgumentException($"{kind}"),
    };

    private static JsonNode?[] Fields(Frame frame) => frame switch
    {
        Welcome w => [w.Version, Hex(w.Session), w.Resumed, w.Received, w.Window, w.MaxPayload, w.Node, w.Cluster, w.Primary],
        Numbered n => [n.Number],
        Close c => [c.Code, c.Detail, c.Fix],
        Part p => [p.Transfer, Hex(p.Bytes)],
        End e => [e.Transfer, e.Error],
        Failed f => [f.Ref, f.Code, f.Detail, f.Fix],
        Receipt r => [r.Ref, r.Stage, r.Id.ToString()],
        Answer a => [a.Ref, a.Member.ToString(), a.Status, Hex(a.Payload)],
        ViewFrame v => [v.Group, v.Id.ToString(), v.Self.ToString(), Texts(v.Members), Texts(v.Joined), Texts(v.Left), v.Reason, v.Token.ToString()],
        Delivery { Kind: FrameKind.Message } m => [m.Id.ToString(), m.From?.ToString(), (int)m.Order, m.Position, m.Type, Hex(m.Payload)],
        Delivery q => [q.Query, q.Id.ToString(), q.From?.ToString(), (int)q.Order, q.Position, q.Type, Hex(q.Payload)],
        Notice { Kind: FrameKind.PrimaryRegained or FrameKind.GroupLost } => [],
        Notice n => [n.Text],
        _ => throw new ArgumentException($"{frame.Kind}"),
    };

    private static JsonArray Texts(IEnumerable<MemberId> members) => new([.. members.Select(member => (JsonNode)member.ToString())]);

    private static string Hex(byte[] bytes) => "hex:" + Convert.ToHexStringLower(bytes);

    private static byte[] Bytes(JsonNode? hex) => Convert.FromHexString(((string)hex!)[4..]);

    private static JsonNode Vector(string list, string name) => s_gateway[list]!.AsArray().Single(vector => (string)vector!["name"]! == name)!;

    private static IEnumerable<string> Names(string list, params string[] from) =>
        s_gateway[list]!.AsArray().Where(vector => from.Contains((string)vector!["from"]!)).Select(vector => (string)vector!["name"]!);

    private static JsonNode Read(string folder, [CallerFilePath] string source = "") =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "../../interop/vectors", folder, "index.json")))!;
}

[GroupMessage("stock-changed", Order = DeliveryOrder.Safe)]
public sealed record StockChanged(string Name, long Quantity, ulong Serial, double Price, byte[] Raw, string? Note, string[] Tags, bool Final);
