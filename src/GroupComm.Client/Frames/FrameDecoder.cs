using System.Buffers;
using System.IO;
using MessagePack;

namespace GroupComm.Client.Frames;

/// <summary>From the payload of a frame of the daemon to its fields.</summary>
internal sealed class FrameDecoder
{
    private const int SessionLength = 16;

    private readonly TextCache _texts = new();

    /// <summary>Null: a kind that a later version may have added.</summary>
    /// <exception cref="BadFrameException">The bytes are not what the specification says.</exception>
    public Frame? Decode(in ReadOnlySequence<byte> payload)
    {
        try
        {
            FieldReader reader = new(payload, _texts);
            long kind = reader.Begin();
            Frame? frame = kind >= GatewayLimits.FirstSkippable ? null : Read((FrameKind)kind, ref reader);
            reader.End();
            return frame;
        }
        catch (EndOfStreamException)
        {
            throw new BadFrameException("the array is longer than its frame");
        }
        catch (MessagePackSerializationException error)
        {
            throw new BadFrameException(error.Message);
        }
    }

    private static Frame Read(FrameKind kind, ref FieldReader from) => kind switch
    {
        FrameKind.Welcome => new Welcome(
            from.UInt(), Session(from.Bin()), from.Bool(), from.UInt(), from.UInt(), from.UInt(), from.Str(), from.Str(), from.Bool()),
        FrameKind.Ack or FrameKind.Ping or FrameKind.Pong or FrameKind.Done or FrameKind.Capture or FrameKind.Restore or FrameKind.Reached or FrameKind.Cancel =>
            new Numbered(kind, from.UInt()),
        FrameKind.Close => new Close(from.Str(), from.Str(), from.Str()),
        FrameKind.Part => new Part(from.UInt(), from.Bin()),
        FrameKind.End => new End(from.UInt(), from.OptionalStr()),
        FrameKind.Failed => new Failed(from.UInt(), from.Str(), from.Str(), from.Str()),
        FrameKind.Receipt => new Receipt(from.UInt(), from.UInt(4), from.Id()),
        FrameKind.Answer => new Answer(from.UInt(), from.Member(), from.UInt(2), from.Bin()),
        FrameKind.View => new ViewFrame(
            from.Str(), from.View(), from.Member(), from.Members(), from.Members(), from.Members(), from.Str(), from.Token()),
        FrameKind.Message => new Delivery(kind, 0, from.Id(), from.OptionalMember(), Order(ref from), from.UInt(), from.OptionalStr(), from.Bin()),
        FrameKind.Ask => new Delivery(kind, from.UInt(), from.Id(), from.OptionalMember(), Order(ref from), from.UInt(), from.Str(), from.Bin()),
        FrameKind.PrimaryRegained or FrameKind.GroupLost => new Notice(kind, ""),
        FrameKind.Transitional or FrameKind.PrimaryLost or FrameKind.Excluded or FrameKind.Reset or FrameKind.Left => new Notice(kind, from.Str()),
        >= FrameKind.Hello and <= FrameKind.Reply => throw new BadFrameException($"{kind} is not for a daemon to send"),
        _ => throw new BadFrameException($"{(int)kind} is no kind of frame"),
    };

    private static byte[] Session(byte[] id) => id.Length == SessionLength ? id : throw new BadFrameException($"a session has {SessionLength} bytes");

    private static DeliveryOrder Order(ref FieldReader from) =>
        from.UInt(4) is > 0 and int order ? (DeliveryOrder)order : throw new BadFrameException("0 is no order");
}
