using System;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>Writes every kind but the bundle; <see cref="BodyReader"/> reads the same fields in the same order.</summary>
internal static class BodyWriter
{
    public static void Write(WireWriter writer, Message message)
    {
        switch (message)
        {
            case Orders m:
                FrameHead.Write(writer, m, 2);
                writer.Int(m.First);
                OrderCodec.WriteRuns(writer, m.Runs);
                break;
            case Ack m:
                FrameHead.Write(writer, m, 4);
                writer.Int(m.Ordered);
                writer.Vector(m.Held);
                writer.Vector(m.Consumed);
                writer.Bool(m.PriorConsumed);
                break;
            case Heartbeat m:
                FrameHead.Write(writer, m, 4);
                writer.Int(m.Sent);
                writer.Int(m.Ordered);
                writer.UInt(m.Hears);
                writer.Bool(m.Leaving);
                break;
            case Resume m:
                FrameHead.Write(writer, m, 2);
                writer.Int(m.Stream);
                writer.Int(m.Orders);
                break;
            case Seek m:
                FrameHead.Write(writer, m, 5);
                NodeCodec.WriteInfo(writer, m.Self);
                writer.Int(m.Expected);
                writer.Int(m.HighestEpoch);
                NodeCodec.WriteInfos(writer, m.Sees);
                writer.Int(m.BoundTo);
                break;
            case Known m:
                FrameHead.Write(writer, m, 1);
                NodeCodec.WriteInfos(writer, m.Members);
                break;
            case JoinRefused m:
                FrameHead.Write(writer, m, 2);
                writer.Int((int)m.Reason);
                writer.Int(m.Incarnation);
                break;
            case Probe m:
                FrameHead.Write(writer, m, 1);
                writer.Int(m.Nonce);
                break;
            case ProbeReply m:
                FrameHead.Write(writer, m, 1);
                writer.Int(m.Nonce);
                break;
            case Direct m:
                DirectCodec.Write(writer, m);
                break;
            case DirectAck m:
                FrameHead.Write(writer, m, 2);
                writer.Int(m.Received);
                writer.Int(m.Consumed);
                break;
            default:
                WriteViewChange(writer, message);
                break;
        }
    }

    private static void WriteViewChange(WireWriter writer, Message message)
    {
        switch (message)
        {
            case Wedge m:
                FrameHead.Write(writer, m, 2);
                OrderCodec.WriteBallot(writer, m.Ballot);
                if (m.Founders is null)
                    writer.Nil();
                else
                    NodeCodec.WriteInfos(writer, m.Founders);
                break;
            case Wedged m:
                FrameHead.Write(writer, m, 8);
                OrderCodec.WriteBallot(writer, m.Ballot);
                OrderCodec.WriteBallot(writer, m.AcceptedBallot);
                ValueCodec.Write(writer, m.Accepted);
                writer.Vector(m.Received);
                writer.Int(m.OrderBase);
                OrderCodec.WriteRuns(writer, m.Orders);
                writer.UInt(m.Hears);
                writer.Bool(m.Leaving);
                break;
            case Refused m:
                FrameHead.Write(writer, m, 2);
                OrderCodec.WriteBallot(writer, m.Ballot);
                OrderCodec.WriteBallot(writer, m.Promise);
                break;
            case Pull m:
                FrameHead.Write(writer, m, 2);
                writer.Vector(m.After);
                writer.Vector(m.UpTo);
                break;
            case Bodies m:
                FrameHead.Write(writer, m, 1);
                BundleWriter.WriteNested(writer, m.Bundles);
                break;
            case Propose m:
                FrameHead.Write(writer, m, 3);
                OrderCodec.WriteBallot(writer, m.Ballot);
                ValueCodec.Write(writer, m.Value);
                BundleWriter.WriteNested(writer, m.Bundles);
                break;
            case Accepted m:
                FrameHead.Write(writer, m, 1);
                OrderCodec.WriteBallot(writer, m.Ballot);
                break;
            case Decide m:
                FrameHead.Write(writer, m, 4);
                writer.Int(m.OldSize);
                ValueCodec.Write(writer, m.Value);
                GroupTableCodec.Write(writer, m.Table);
                BundleWriter.WriteNested(writer, m.Bundles);
                break;
            case Help m:
                FrameHead.Write(writer, m, 1);
                writer.Vector(m.Received);
                break;
            case Gone m:
                FrameHead.Write(writer, m, 1);
                writer.Reason(m.Reason);
                break;
            case StateOpen m:
                FrameHead.Write(writer, m, 3);
                writer.Int(m.Group);
                writer.Int(m.Slot);
                writer.Int(m.Point);
                break;
            case StateChunk m:
                FrameHead.Write(writer, m, 1);
                int start = writer.BeginBlob();
                writer.Raw(m.Bytes);
                writer.EndBlob(start);
                break;
            case StateEnd m:
                FrameHead.Write(writer, m, 2);
                writer.Int(m.Length);
                writer.UInt(m.Digest);
                break;
            case StateAbort m:
                FrameHead.Write(writer, m, 1);
                writer.Reason(m.Reason);
                break;
            case StateTaken m:
                FrameHead.Write(writer, m, 1);
                writer.Int(m.Bytes);
                break;
            case Notice or Leave:
                FrameHead.Write(writer, message, 0);
                break;
            default:
                throw new ArgumentException($"no encoding for {message.GetType().Name}", nameof(message));
        }
    }
}
