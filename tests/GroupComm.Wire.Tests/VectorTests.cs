using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GroupComm.Core.Messages;
using Xunit;

namespace GroupComm.Wire.Tests;

/// <summary>The bytes in interop/vectors/peer are the contract. <c>UPDATE_VECTORS=1</c> writes them anew.</summary>
public class VectorTests
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("UPDATE_VECTORS") == "1";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. Samples.All.Select(sample => sample.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_message_is_encoded_as_its_vector_and_decoded_from_it(string name)
    {
        Message message = Samples.All.Single(sample => sample.Name == name).Message;
        byte[] encoded = new FrameEncoder(true).Encode(message, Samples.Generation).ToArray();
        byte[] vector = Vector(name, encoded);
        Assert.Equal(vector, encoded);
        var buffer = new ReadOnlySequence<byte>(vector);
        Assert.True(FramePrefix.TryRead(ref buffer, WireLimits.MaxFrame, out ReadOnlySequence<byte> frame, out _));
        Assert.True(buffer.IsEmpty);
        FrameStatus status = new FrameDecoder(new HeapBlocks(), true).Decode(frame, Samples.Generation, out Message? decoded, out string? error);
        Assert.Equal((FrameStatus.Message, null), (status, error));
        Assert.Equal(Dump.Of(message), Dump.Of(decoded));
    }

    [Fact]
    public void The_handshake_is_encoded_as_its_vector_and_decoded_from_it()
    {
        byte[] encoded = HandshakeCodec.Encode(Samples.Hello);
        byte[] vector = Vector("handshake", encoded);
        Assert.Equal(vector, encoded);
        Assert.True(HandshakeCodec.TryDecode(vector.AsSpan(WireLimits.Prefix), out Handshake? decoded, out _));
        Assert.Equal(Samples.Hello, decoded);
    }

    [Fact]
    public void The_index_describes_every_vector()
    {
        var entries = new JsonArray { Entry("handshake", "Handshake", Samples.Hello) };
        foreach ((string name, Message message) in Samples.All)
            entries.Add(Entry(name, message.Kind.ToString(), message));
        string text = new JsonObject
        {
            ["protocol"] = 1,
            ["generation"] = Samples.Generation,
            ["checksum"] = true,
            ["frames"] = entries,
        }.ToJsonString(Indented) + "\n";
        string path = Path.Combine(Folder(), "index.json");
        if (Update)
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
        IEnumerable<string> listed = entries.Select(entry => (string)entry!["file"]!);
        Assert.Equal(listed.Order(StringComparer.Ordinal), Directory.GetFiles(Folder(), "*.bin").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static JsonObject Entry(string name, string kind, object message) => new()
    {
        ["file"] = name + ".bin",
        ["kind"] = kind,
        ["fields"] = Dump.Node(message),
    };

    private static byte[] Vector(string name, byte[] encoded)
    {
        string path = Path.Combine(Folder(), name + ".bin");
        if (Update)
        {
            Directory.CreateDirectory(Folder());
            File.WriteAllBytes(path, encoded);
        }
        return File.ReadAllBytes(path);
    }

    private static string Folder([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../interop/vectors/peer"));
}
