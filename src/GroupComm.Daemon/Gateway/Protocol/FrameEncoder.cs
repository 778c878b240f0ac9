using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using MessagePack;

namespace GroupComm.Gateway.Protocol;

/// <summary>A frame as bytes, with its length.</summary>
internal static class FrameEncoder
{
    public static byte[] Encode(GatewayFrame frame)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + PayloadOf(frame).Length);
        buffer.Advance(GatewayLimits.Prefix);
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, frame);
        writer.Flush();
        byte[] bytes = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - GatewayLimits.Prefix);
        return bytes;
    }

    private static ReadOnlyMemory<byte> PayloadOf(GatewayFrame frame) => frame switch
    {
        MessageFrame message => message.Payload,
        Send send => send.Payload,
        Part part => part.Bytes,
        _ => default,
    };

    private static void Write(ref MessagePackWriter to, GatewayFrame frame)
    {
        switch (frame)
        {
            case MessageFrame f:
                Begin(ref to, f, 6);
                to.Write(f.Id);
                to.Write(f.From);
                to.Write((int)f.Order);
                to.Write(f.Position);
                to.Write(f.Type);
                to.Write(f.Payload.Span);
                break;
            case Send f:
                Begin(ref to, f, 6);
                to.Write(f.Ref);
                to.Write(f.Group);
                to.Write((int)f.Order);
                to.Write(f.Type);
                to.Write(f.Payload.Span);
                to.Write((int)f.Flags);
                break;
            case Numbered f:
                Begin(ref to, f, 1);
                to.Write(f.Number);
                break;
            case Receipt f:
                Begin(ref to, f, 3);
                to.Write(f.Ref);
                to.Write((int)f.Stage);
                to.Write(f.Id);
                break;
            case Hello or Welcome or Close:
                WriteControl(ref to, frame);
                break;
            case Join or SendTo or Query or Reply or Part or End:
                WriteRequest(ref to, frame);
                break;
            default:
                WriteRest(ref to, frame);
                break;
        }
    }

    private static void WriteControl(ref MessagePackWriter to, GatewayFrame frame)
    {
        switch (frame)
        {
            case Hello f:
                Begin(ref to, f, f.Token is null ? 7 : 8);
                to.Write(f.MinVersion);
                to.Write(f.MaxVersion);
                to.Write(f.Client);
                to.Write(f.Window);
                to.Write(f.Grace);
                to.Write(f.Session);
                to.Write(f.Received);
                if (f.Token is not null)
                    to.Write(f.Token);
                break;
            case Welcome f:
                Begin(ref to, f, 9);
                to.Write(f.Version);
                to.Write(f.Session);
                to.Write(f.Resumed);
                to.Write(f.Received);
                to.Write(f.Window);
                to.Write(f.MaxPayload);
                to.Write(f.Node);
                to.Write(f.Cluster);
                to.Write(f.Primary);
                break;
            case Close f:
                Texts(ref to, f, f.Code, f.Detail, f.Fix);
                break;
            default:
                throw Unknown(frame);
        }
    }

    private static void WriteRequest(ref MessagePackWriter to, GatewayFrame frame)
    {
        switch (frame)
        {
            case Join f:
                Begin(ref to, f, 4);
                to.Write(f.Ref);
                to.Write(f.Group);
                to.Write(f.Member);
                WriteOptions(ref to, f.Options);
                break;
            case SendTo f:
                Begin(ref to, f, 4);
                to.Write(f.Ref);
                to.Write(f.To);
                to.Write(f.Type);
                to.Write(f.Payload.Span);
                break;
            case Query f:
                Begin(ref to, f, 5);
                to.Write(f.Ref);
                to.Write(f.Type);
                to.Write(f.Payload.Span);
                to.Write((int)f.Order);
                to.Write(f.Target);
                break;
            case Reply f:
                Begin(ref to, f, 3);
                to.Write(f.Query);
                to.Write(f.Ok);
                to.Write(f.Payload.Span);
                break;
            case Part f:
                Begin(ref to, f, 2);
                to.Write(f.Transfer);
                to.Write(f.Bytes.Span);
                break;
            case End f:
                Begin(ref to, f, 2);
                to.Write(f.Transfer);
                to.Write(f.Error);
                break;
            default:
                throw Unknown(frame);
        }
    }

    private static void WriteRest(ref MessagePackWriter to, GatewayFrame frame)
    {
        switch (frame)
        {
            case Failed f:
                Begin(ref to, f, 4);
                to.Write(f.Ref);
                to.Write(f.Code);
                to.Write(f.Detail);
                to.Write(f.Fix);
                break;
            case Answer f:
                Begin(ref to, f, 4);
                to.Write(f.Ref);
                to.Write(f.Member);
                to.Write((int)f.Status);
                to.Write(f.Payload.Span);
                break;
            case ViewFrame f:
                Begin(ref to, f, 8);
                to.Write(f.Group);
                to.Write(f.View);
                to.Write(f.Self);
                Names(ref to, f.Members);
                Names(ref to, f.Joined);
                Names(ref to, f.Left);
                to.Write(f.Reason);
                to.Write(f.Token);
                break;
            case Ask f:
                Begin(ref to, f, 7);
                to.Write(f.Query);
                to.Write(f.Id);
                to.Write(f.From);
                to.Write((int)f.Order);
                to.Write(f.Position);
                to.Write(f.Type);
                to.Write(f.Payload.Span);
                break;
            case Notice { Kind: FrameKind.PrimaryRegained or FrameKind.GroupLost } f:
                Begin(ref to, f, 0);
                break;
            case Notice f:
                Texts(ref to, f, f.Text);
                break;
            default:
                throw Unknown(frame);
        }
    }

    /// <summary>Only what differs from the default.</summary>
    private static void WriteOptions(ref MessagePackWriter to, JoinOptions options)
    {
        JoinOptions usual = new();
        List<(string Key, bool Value)> flags = [];
        void Flag(string key, bool value, bool otherwise)
        {
            if (value != otherwise)
                flags.Add((key, value));
        }
        Flag("state", options.State, usual.State);
        Flag("states", options.States, usual.States);
        Flag("open", options.Open, usual.Open);
        Flag("agreedOnly", options.AgreedOnly, usual.AgreedOnly);
        Flag("startEmptyWhenStateIsLost", options.StartEmptyWhenStateIsLost, usual.StartEmptyWhenStateIsLost);
        bool time = options.SlowConsumerTimeout != usual.SlowConsumerTimeout;
        to.WriteMapHeader(flags.Count + (time ? 1 : 0));
        foreach ((string key, bool value) in flags)
        {
            to.Write(key);
            to.Write(value);
        }
        if (time)
        {
            to.Write("slowConsumerTimeout");
            to.Write(options.SlowConsumerTimeout);
        }
    }

    private static void Begin(ref MessagePackWriter to, GatewayFrame frame, int fields)
    {
        to.WriteArrayHeader(fields + 1);
        to.Write((int)frame.Kind);
    }

    private static void Texts(ref MessagePackWriter to, GatewayFrame frame, params ReadOnlySpan<string> texts)
    {
        Begin(ref to, frame, texts.Length);
        foreach (string text in texts)
            to.Write(text);
    }

    private static void Names(ref MessagePackWriter to, IReadOnlyList<string> names)
    {
        to.WriteArrayHeader(names.Count);
        foreach (string name in names)
            to.Write(name);
    }

    private static InvalidOperationException Unknown(GatewayFrame frame) => new($"unknown frame {frame.GetType().Name}");
}
