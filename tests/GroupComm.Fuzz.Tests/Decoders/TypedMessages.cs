using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using GroupComm.Runtime.Serialization;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>Messages of an application's type, with what such types hold, through the default serializer; the first byte is the size of the pieces.</summary>
internal sealed class TypedMessages : Decoder
{
    private readonly MessagePackMessageSerializer _serializer = new();
    private readonly ArrayBufferWriter<byte> _writer = new();
    private Order? _message;

    public override string Name => "typed-messages";

    public override IReadOnlyList<string> Assemblies => ["MessagePack"];

    // The widest element that a byte can stand for is a Guid or a decimal: 16; hash tables take several times that. An exception with its stack comes on top.
    public override long Bound(int length) => (64 << 10) + (256L * length);

    public override IReadOnlyList<byte[]> Words => [.. MessagePackWords.All, .. Texts([.. typeof(Order).GetProperties().Select(each => each.Name)])];

    public override IEnumerable<byte[]> Seeds()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Vectors("typed"), "index.json")));
        List<byte[]> seeds = [.. vectors.RootElement.GetProperty("messages").EnumerateArray().Select(each => (byte[])[0, .. Convert.FromHexString(each.GetProperty("hex").GetString()!)])];
        _writer.ResetWrittenCount();
        _serializer.Serialize(_writer, Order.Sample(2));
        seeds.Add([0, .. _writer.WrittenSpan]);
        return seeds;
    }

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        _message = null;
        if (input.IsEmpty)
            return false;
        try
        {
            _message = _serializer.Deserialize<Order>(input[0] == 0 ? new ReadOnlySequence<byte>(input[1..].ToArray()) : Pieces.Of(input[1..], input[0]));
        }
        catch (Exception error) when (error is not (InvalidProgramException or OutOfMemoryException or AccessViolationException))
        {
            return false; // whatever the serializer throws, the message counts as one that cannot be read
        }
        return _message is not null;
    }

    public override void Judge()
    {
        _writer.ResetWrittenCount();
        if (_message is not null)
            _serializer.Serialize(_writer, _message);
    }

    internal enum Kind
    {
        Small,
        Large,
    }

    internal readonly record struct Line(string Name, int Quantity, decimal Price);

    /// <summary>A type of an application.</summary>
    internal sealed record Order
    {
        public string? Name { get; init; }
        public long Quantity { get; init; }
        public ulong Serial { get; init; }
        public double Price { get; init; }
        public byte[]? Raw { get; init; }
        public string[]? Tags { get; init; }
        public bool Final { get; init; }
        public Kind Kind { get; init; }
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
        public TimeSpan For { get; init; }
        public int? Maybe { get; init; }
        public List<Line>? Lines { get; init; }
        public Dictionary<string, int>? Counts { get; init; }
        public HashSet<Guid>? Seen { get; init; }
        public Guid[]? Ids { get; init; }
        public object? Any { get; init; }
        public Order? Inner { get; init; }
        public int[,]? Grid { get; init; }

        public static Order Sample(int depth) => new()
        {
            Name = "apples", Quantity = 12, Serial = 3, Price = 0.25, Raw = [0, 255], Tags = ["fresh"], Final = true, Kind = Kind.Large, Id = new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]),
            At = DateTimeOffset.UnixEpoch, For = TimeSpan.FromSeconds(1), Maybe = 4, Lines = [new Line("a", 1, 2.5m)], Counts = new() { ["a"] = 1 }, Seen = [Guid.Empty], Ids = [Guid.Empty],
            Any = "any", Grid = new int[1, 2], Inner = depth > 0 ? Sample(depth - 1) : null,
        };
    }
}
