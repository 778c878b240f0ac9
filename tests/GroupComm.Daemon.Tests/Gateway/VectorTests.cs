using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GroupComm.Gateway.Protocol;
using Xunit;

namespace GroupComm.Daemon.Tests.Gateway;

/// <summary>The bytes in interop/vectors/gateway are the contract with every client. <c>UPDATE_VECTORS=1</c> writes them anew.</summary>
public sealed class VectorTests
{
    private static readonly bool s_update = Environment.GetEnvironmentVariable("UPDATE_VECTORS") == "1";
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Frames that must end the connection, and why.</summary>
    private static readonly (string Name, string Hex, string Why)[] s_bad =
    [
        ("no-array", "a568656c6c6f", "an array is expected, not String"),
        ("empty-array", "90", "the array has too few elements"),
        ("unknown-kind", "917f", "127 is no kind of frame"),
        ("too-few", "9112", "the array has too few elements"),
        ("trailing", "920400c0", "bytes follow the array"),
        ("cut-off", "9312", "the array is longer than its frame"),
        ("negative", "9204ff", "a uint is negative"),
        ("above-2-53", "9204cf0020000000000000", "9007199254740992 is out of range: 0 to 2^53 - 1"),
        ("str-for-bin", "931701a178", "a bin is expected, not String"),
        ("bin-for-str", "9606c40178a178a178", "a str is expected, not Binary"),
        ("nil-for-str", "9406c0a178a178", "a str is missing: it is nil"),
        ("not-utf8", "9406a1ffa178a178", "a str is not UTF-8"),
        ("order-0", "971204c000c0c4000f", "0 is out of range: 1 to 4"),
        ("order-5", "971204c005c0c4000f", "5 is out of range: 1 to 4"),
        ("flags-16", "971204c003c0c40010", "16 is out of range: 0 to 15"),
        ("session-of-3-bytes", "98010101a163ce000100000ac40301020300", "a session has 16 bytes"),
        ("option-not-bool", "951001a167c081a5737461746501", "a bool is expected, not Integer"),
        ("nested-too-deep", "9304009191919191919191c0", "arrays and maps are nested more than 8 deep"),
        ("no-messagepack", "c1", "an array is expected, not Unknown"),
    ];

    /// <summary>Frames of a later version that must be read all the same.</summary>
    private static readonly (string Name, string Hex, string Same)[] s_additive =
    [
        ("more-elements", "940400c3a3616464", "ping"),
        ("longest-integers", "92d30000000000000003cf000000000000012c", "ack"),
        ("longest-bin-and-str", "dd00000003d20000001701c60000000300ff80", "part"),
        ("unknown-option", "951001a573746f636ba5616c69636581a66675747572659101", "join"),
        ("unknown-kind-128", "92cc80a178", ""),
    ];

    public static TheoryData<string> Names => [.. FrameSamples.All.Select(sample => sample.Name)];

    public static TheoryData<string> Bad => [.. s_bad.Select(each => each.Name)];

    public static TheoryData<string> Additive => [.. s_additive.Select(each => each.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_frame_is_encoded_as_its_vector_and_decoded_from_it(string name)
    {
        GatewayFrame frame = FrameSamples.All.Single(sample => sample.Name == name).Frame;
        string vector = (string)Index()["frames"]!.AsArray().Single(entry => (string)entry!["name"]! == name)!["hex"]!;
        Assert.Equal(vector, Convert.ToHexStringLower(FrameEncoder.Encode(frame)));
        Assert.Equal(FrameDump.Of(frame).ToJsonString(), FrameDump.Of(Decode(Convert.FromHexString(vector)[4..])!).ToJsonString());
    }

    [Theory, MemberData(nameof(Bad))]
    public void A_frame_that_breaks_a_rule_is_refused_with_the_rule(string name)
    {
        (_, string hex, string why) = s_bad.Single(each => each.Name == name);
        Assert.Equal(why, Assert.Throws<BadFrameException>(() => Decode(Convert.FromHexString(hex))).Message);
    }

    [Theory, MemberData(nameof(Additive))]
    public void What_a_later_version_adds_is_passed_over(string name)
    {
        (_, string hex, string same) = s_additive.Single(each => each.Name == name);
        GatewayFrame? frame = Decode(Convert.FromHexString(hex));
        GatewayFrame? expected = same.Length == 0 ? null : FrameSamples.All.Single(sample => sample.Name == same).Frame;
        Assert.Equal(expected is null ? null : FrameDump.Of(expected).ToJsonString(), frame is null ? null : FrameDump.Of(frame).ToJsonString());
    }

    [Fact]
    public void The_index_holds_every_vector()
    {
        string text = new JsonObject
        {
            ["protocol"] = 1,
            ["frames"] = new JsonArray([.. FrameSamples.All.Select(sample => (JsonNode)new JsonObject
            {
                ["name"] = sample.Name,
                ["from"] = sample.From,
                ["kind"] = (int)sample.Frame.Kind,
                ["fields"] = FrameDump.Of(sample.Frame),
                ["hex"] = Convert.ToHexStringLower(FrameEncoder.Encode(sample.Frame)),
            })]),
            ["bad"] = new JsonArray([.. s_bad.Select(each => (JsonNode)new JsonObject { ["name"] = each.Name, ["hex"] = Whole(each.Hex), ["why"] = each.Why })]),
            ["additive"] = new JsonArray([.. s_additive.Select(each => (JsonNode)new JsonObject { ["name"] = each.Name, ["hex"] = Whole(each.Hex), ["readAs"] = each.Same })]),
        }.ToJsonString(s_indented) + "\n";
        if (s_update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(IndexPath())!);
            File.WriteAllText(IndexPath(), text);
        }
        Assert.Equal(File.ReadAllText(IndexPath()), text);
    }

    public static byte[] BadBytes(string name) => Convert.FromHexString(Whole(s_bad.Single(each => each.Name == name).Hex));

    public static string WhyBad(string name) => s_bad.Single(each => each.Name == name).Why;

    private static string Whole(string payload) => (payload.Length / 2).ToString("x8", System.Globalization.CultureInfo.InvariantCulture) + payload;

    private static GatewayFrame? Decode(byte[] payload) => new FrameDecoder(int.MaxValue).Decode(new ReadOnlySequence<byte>(payload));

    private static JsonNode Index() => JsonNode.Parse(File.ReadAllText(IndexPath()))!;

    private static string IndexPath([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../interop/vectors/gateway/index.json"));
}
