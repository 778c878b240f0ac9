using System;
using System.Buffers;
using System.IO;
using MessagePack;

namespace GroupComm.Gateway.Protocol;

/// <summary>A frame of its bytes (without the length). Either side reads what the other may send.</summary>
/// <param name="maxPayload">Largest payload of a message.</param>
internal sealed class FrameDecoder(int maxPayload)
{
    /// <returns>Null for a kind that a later version may have added.</returns>
    /// <exception cref="BadFrameException">A rule is broken.</exception>
    public GatewayFrame? Decode(in ReadOnlySequence<byte> payload)
    {
        try
        {
            var reader = new FieldReader(payload);
            int kind = reader.Begin();
            if (kind >= GatewayLimits.FirstSkippable)
                return null;
            GatewayFrame frame = Read(ref reader, (FrameKind)kind);
            reader.Finish();
            return frame;
        }
        catch (Exception error) when (error is EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            // The last two: lengths of 2^31 and more.
            throw new BadFrameException("the array is longer than its frame");
        }
        catch (MessagePackSerializationException)
        {
            throw new BadFrameException("it is not MessagePack");
        }
    }

    // Fields are evaluated from left to right, as they stand in the frame.
    private GatewayFrame Read(ref FieldReader r, FrameKind kind) => kind switch
    {
        FrameKind.Message => new MessageFrame(r.Text(), r.OptionalText(), Order(ref r), r.Number(), Type(ref r), r.Bytes(maxPayload)),
        FrameKind.Send => new Send(r.Number(), r.OptionalText(), Order(ref r), Type(ref r), r.Bytes(maxPayload), (SendFlags)r.Small(0, 15)),
        FrameKind.Receipt => new Receipt(r.Number(), (ReceiptStage)r.Small(1, 4), r.Text()),
        FrameKind.Ack or FrameKind.Ping or FrameKind.Pong or FrameKind.Leave or FrameKind.Barrier or FrameKind.Done or FrameKind.Capture
            or FrameKind.Restore or FrameKind.Reached or FrameKind.Cancel => new Numbered(kind, r.Number()),
        FrameKind.Hello => new Hello(r.Small(0, int.MaxValue), r.Small(0, int.MaxValue), r.Text(),
            r.Small(GatewayLimits.MinWindow, GatewayLimits.MaxWindow), r.Small(0, GatewayLimits.MaxGrace), Session(r.OptionalBytes(GatewayLimits.SessionBytes)), r.Number()) { Token = r.HasMore ? r.OptionalText() : null },
        FrameKind.Welcome => new Welcome(r.Small(0, int.MaxValue), Session(r.Bytes(GatewayLimits.SessionBytes))!, r.Flag(), r.Number(),
            r.Small(GatewayLimits.MinWindow, GatewayLimits.MaxWindow), r.Small(0, int.MaxValue), r.Text(), r.Text(), r.Flag()),
        FrameKind.Close => new Close(r.Text(), r.Text(), r.Text()),
        FrameKind.Join => new Join(r.Number(), r.Text(), r.OptionalText(), r.Options()),
        FrameKind.SendTo => new SendTo(r.Number(), r.Text(), Type(ref r), r.Bytes(maxPayload)),
        FrameKind.Query => new Query(r.Number(), r.Text(), r.Bytes(maxPayload), Order(ref r), r.Small(-1, int.MaxValue)),
        FrameKind.Reply => new Reply(r.Number(), r.Flag(), r.Bytes(maxPayload)),
        FrameKind.Part => new Part(r.Number(), r.Bytes(GatewayLimits.MaxPart)),
        FrameKind.End => new End(r.Number(), r.OptionalText()),
        FrameKind.Failed => new Failed(r.Number(), r.Text(), r.Text(), r.Text()),
        FrameKind.Answer => new Answer(r.Number(), r.Text(), (AnswerStatus)r.Small(0, 2), r.Bytes(maxPayload)),
        FrameKind.View => new ViewFrame(r.Text(), r.Text(), r.Text(), r.Names(), r.Names(), r.Names(), r.Text(), r.Text()),
        FrameKind.Ask => new Ask(r.Number(), r.Text(), r.OptionalText(), Order(ref r), r.Number(), r.Text(), r.Bytes(maxPayload)),
        FrameKind.Transitional or FrameKind.PrimaryLost or FrameKind.Excluded or FrameKind.Reset or FrameKind.Left => new Notice(kind, r.Text()),
        FrameKind.PrimaryRegained or FrameKind.GroupLost => new Notice(kind, ""),
        _ => throw new BadFrameException($"{(int)kind} is no kind of frame"),
    };

    private static DeliveryOrder Order(ref FieldReader r) => (DeliveryOrder)r.Small(1, 4);

    private static string? Type(ref FieldReader r) => r.OptionalText(4 * GatewayLimits.MaxType) switch
    {
        { Length: > GatewayLimits.MaxType } => throw new BadFrameException($"a type has more than {GatewayLimits.MaxType} characters"),
        string type => type,
        null => null,
    };

    private static byte[]? Session(byte[]? bytes) =>
        bytes is null or { Length: GatewayLimits.SessionBytes } ? bytes : throw new BadFrameException($"a session has {GatewayLimits.SessionBytes} bytes");
}
