using System;
using System.Buffers;
using System.Buffers.Binary;
using MessagePack;

namespace GroupComm.Client.Frames;

/// <summary>The frames of a client, with their length, ready to be written and to be written again.</summary>
internal static class FrameEncoder
{
    public const int TellAccepted = 1, TellDelivered = 2, TellSafe = 4, InHandler = 8;

    private const int Prefix = 4;
    private const int KeptCapacity = 1 << 16;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    public static byte[] Hello(int minVersion, int maxVersion, string client, long window, long grace, byte[]? session, long received)
    {
        MessagePackWriter writer = Begin(FrameKind.Hello, 7, 0, out ArrayBufferWriter<byte> buffer);
        writer.Write(minVersion);
        writer.Write(maxVersion);
        writer.Write(client);
        writer.Write(window);
        writer.Write(grace);
        writer.Write(session);
        writer.Write(received);
        return End(ref writer, buffer);
    }

    /// <summary><c>ACK</c>, <c>PING</c>, <c>PONG</c>, <c>LEAVE</c>, <c>BARRIER</c>.</summary>
    public static byte[] Numbered(FrameKind kind, long number)
    {
        MessagePackWriter writer = Begin(kind, 1, 0, out ArrayBufferWriter<byte> buffer);
        writer.Write(number);
        return End(ref writer, buffer);
    }

    public static byte[] Close(string code, string detail, string fix)
    {
        MessagePackWriter writer = Begin(FrameKind.Close, 3, 0, out ArrayBufferWriter<byte> buffer);
        writer.Write(code);
        writer.Write(detail);
        writer.Write(fix);
        return End(ref writer, buffer);
    }

    public static byte[] Join(long number, string group, string? member, JoinWish wish)
    {
        MessagePackWriter writer = Begin(FrameKind.Join, 4, 0, out ArrayBufferWriter<byte> buffer);
        writer.Write(number);
        writer.Write(group);
        writer.Write(member);
        bool slow = wish.SlowConsumerTimeout != JoinWish.DefaultSlowConsumerTimeout;
        writer.WriteMapHeader(Count(wish.State) + Count(!wish.Open) + Count(wish.AgreedOnly) + Count(wish.StartEmptyWhenStateIsLost) + Count(slow) + Count(wish.States));
        Option(ref writer, "state", wish.State, false);
        Option(ref writer, "states", wish.States, false);
        Option(ref writer, "open", wish.Open, true);
        Option(ref writer, "agreedOnly", wish.AgreedOnly, false);
        Option(ref writer, "startEmptyWhenStateIsLost", wish.StartEmptyWhenStateIsLost, false);
        if (slow)
        {
            writer.Write("slowConsumerTimeout");
            writer.Write(wish.SlowConsumerTimeout);
        }
        return End(ref writer, buffer);
    }

    public static byte[] Send(long number, string? group, DeliveryOrder order, string? type, ReadOnlySpan<byte> payload, int flags)
    {
        MessagePackWriter writer = Begin(FrameKind.Send, 6, payload.Length, out ArrayBufferWriter<byte> buffer);
        writer.Write(number);
        writer.Write(group);
        writer.Write((int)order);
        writer.Write(type);
        writer.Write(payload);
        writer.Write(flags);
        return End(ref writer, buffer);
    }

    public static byte[] SendTo(long number, string member, string? type, ReadOnlySpan<byte> payload)
    {
        MessagePackWriter writer = Begin(FrameKind.SendTo, 4, payload.Length, out ArrayBufferWriter<byte> buffer);
        writer.Write(number);
        writer.Write(member);
        writer.Write(type);
        writer.Write(payload);
        return End(ref writer, buffer);
    }

    public static byte[] Query(long number, string type, ReadOnlySpan<byte> payload, DeliveryOrder order, int target)
    {
        MessagePackWriter writer = Begin(FrameKind.Query, 5, payload.Length, out ArrayBufferWriter<byte> buffer);
        writer.Write(number);
        writer.Write(type);
        writer.Write(payload);
        writer.Write((int)order);
        writer.Write(target);
        return End(ref writer, buffer);
    }

    public static byte[] Reply(long query, bool ok, ReadOnlySpan<byte> payload)
    {
        MessagePackWriter writer = Begin(FrameKind.Reply, 3, payload.Length, out ArrayBufferWriter<byte> buffer);
        writer.Write(query);
        writer.Write(ok);
        writer.Write(payload);
        return End(ref writer, buffer);
    }

    public static byte[] Part(long transfer, ReadOnlySpan<byte> bytes)
    {
        MessagePackWriter writer = Begin(FrameKind.Part, 2, bytes.Length, out ArrayBufferWriter<byte> buffer);
        writer.Write(transfer);
        writer.Write(bytes);
        return End(ref writer, buffer);
    }

    public static byte[] End(long transfer, string? error)
    {
        MessagePackWriter writer = Begin(FrameKind.End, 2, 0, out ArrayBufferWriter<byte> buffer);
        writer.Write(transfer);
        writer.Write(error);
        return End(ref writer, buffer);
    }

    private static MessagePackWriter Begin(FrameKind kind, int fields, int payload, out ArrayBufferWriter<byte> buffer)
    {
        // A large one gets a buffer of its size, once.
        buffer = payload > KeptCapacity / 2 ? new ArrayBufferWriter<byte>(payload + (KeptCapacity / 2)) : t_buffer ??= new ArrayBufferWriter<byte>(KeptCapacity);
        buffer.ResetWrittenCount();
        buffer.GetSpan(Prefix);
        buffer.Advance(Prefix);
        MessagePackWriter writer = new(buffer);
        writer.WriteArrayHeader(fields + 1);
        writer.Write((int)kind);
        return writer;
    }

    private static byte[] End(ref MessagePackWriter writer, ArrayBufferWriter<byte> buffer)
    {
        writer.Flush();
        byte[] frame = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - Prefix);
        return frame;
    }

    private static int Count(bool written) => written ? 1 : 0;

    private static void Option(ref MessagePackWriter writer, string name, bool value, bool otherwise)
    {
        if (value == otherwise)
            return;
        writer.Write(name);
        writer.Write(value);
    }
}
