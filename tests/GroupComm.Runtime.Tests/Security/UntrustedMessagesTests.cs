using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GroupComm.Runtime.Serialization;
using MessagePack;
using Xunit;

namespace GroupComm.Runtime.Tests.Security;

/// <summary>Law Q9: what the default serializer does with bytes that were made to hurt.</summary>
public class UntrustedMessagesTests
{
    private readonly MessagePackMessageSerializer _serializer = new();

    [Theory]
    [InlineData(0x91)] // an array in an array
    [InlineData(0x81)] // a map in a map
    public void Nesting_that_would_exhaust_the_stack_is_refused(byte code) =>
        Assert.Throws<MessagePackSerializationException>(() => Read<Anything>([0x81, 0xa3, .. "Any"u8, .. Nested(code, 200_000)]));

    [Fact]
    public void A_type_that_contains_itself_is_refused_when_it_is_nested_that_deep()
    {
        byte[] inner = [0x81, 0xa4, .. "Next"u8];
        Assert.Throws<MessagePackSerializationException>(() => Read<Chain>([.. Enumerable.Repeat(inner, 100_000).SelectMany(each => each), 0xc0]));
    }

    [Fact]
    public void Keys_that_were_chosen_to_collide_do_not()
    {
        Tables tables = Read<Tables>(Write(new Tables { ByNumber = new() { [1] = 2 }, ByText = new() { ["a"] = 1 } }));
        Assert.NotSame(EqualityComparer<long>.Default, tables.ByNumber!.Comparer);
        Assert.NotEqual(tables.ByNumber.Comparer.GetHashCode(0x1_0000_0001), tables.ByNumber.Comparer.GetHashCode(0x2_0000_0002)); // equal by default
    }

    [Theory]
    [InlineData(100)] // what "typeless" formats use for a type's name and a value
    [InlineData(98)]
    [InlineData(99)] // what compressed formats use
    public void Bytes_that_name_a_type_or_a_compression_make_nothing_of_it(int extension)
    {
        Canary.Made = 0;
        byte[] name = Encoding.UTF8.GetBytes(typeof(Canary).AssemblyQualifiedName!);
        byte[] body = [0xd9, (byte)name.Length, .. name, 0x80];
        byte[] any = [0xc8, (byte)(body.Length >> 8), (byte)body.Length, (byte)extension, .. body];
        Anything? read = null;
        try
        {
            read = Read<Anything>([0x81, 0xa3, .. "Any"u8, .. any]);
        }
        catch (MessagePackSerializationException)
        {
            // Refused: as good.
        }
        Assert.False(read?.Any is Canary);
        Assert.Equal(0, Canary.Made);
    }

    [Fact]
    public void Counts_and_lengths_that_lie_cost_nothing()
    {
        byte[][] lies =
        [
            [0xdd, 0x7f, 0xff, 0xff, 0xff], [0xdf, 0x7f, 0xff, 0xff, 0xff], [0xc6, 0x7f, 0xff, 0xff, 0xff], [0xdb, 0x7f, 0xff, 0xff, 0xff],
            [0x93, 0xcd, 0x7f, 0xff, 0xcd, 0x7f, 0xff, 0x90], // 32,767 rows of as many columns, and no element
        ];
        foreach (string field in new[] { "Numbers", "ByNumber", "Bytes", "Text", "Grid" })
            foreach (byte[] lie in lies)
            {
                byte[] bytes = [0x81, (byte)(0xa0 | field.Length), .. Encoding.UTF8.GetBytes(field), .. lie];
                Assert.ThrowsAny<Exception>(() => Read<Tables>(bytes)); // once for code and texts of the program itself
                long before = GC.GetAllocatedBytesForCurrentThread();
                Assert.ThrowsAny<Exception>(() => Read<Tables>(bytes));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 10);
            }
    }

    private T Read<T>(byte[] bytes) => _serializer.Deserialize<T>(new ReadOnlySequence<byte>(bytes));

    private byte[] Write<T>(T message)
    {
        ArrayBufferWriter<byte> writer = new();
        _serializer.Serialize(writer, message);
        return writer.WrittenSpan.ToArray();
    }

    // A map needs a key before the next map.
    private static byte[] Nested(byte code, int depth) => [.. Enumerable.Repeat((byte[])(code == 0x81 ? [code, 1] : [code]), depth).SelectMany(each => each), 0xc0];

    public sealed record Anything
    {
        public object? Any { get; init; }
    }

    public sealed record Chain
    {
        public Chain? Next { get; init; }
    }

    public sealed record Tables
    {
        public long[]? Numbers { get; init; }
        public Dictionary<long, long>? ByNumber { get; init; }
        public Dictionary<string, int>? ByText { get; init; }
        public byte[]? Bytes { get; init; }
        public string? Text { get; init; }
        public int[,]? Grid { get; init; }
    }

    public sealed class Canary
    {
        public Canary() => Made++;

        public static int Made { get; set; }
    }
}
