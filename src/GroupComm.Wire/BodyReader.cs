using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>Reads what <see cref="BodyWriter"/> writes. C# evaluates arguments from left to right, so a constructor call
/// reads the fields in wire order.</summary>
internal static class BodyReader
{
    /// <summary>A seeker may see more nodes than a view can have.</summary>
    private const int MaxSeen = 1024;

    public static Message? Read(ref WireReader reader, MessageKind kind, ViewKey view, DecodeContext context) => kind switch
    {
        MessageKind.Orders => new Orders(view, reader.Number(), OrderCodec.ReadRuns(ref reader)),
        MessageKind.Ack => new Ack(view, reader.Number(), reader.Vector(), reader.Vector(), reader.Bool()),
        MessageKind.Heartbeat => new Heartbeat(view, reader.Number(), reader.Number(), reader.Bits(), reader.Bool()),
        MessageKind.Resume => new Resume(view, reader.Number(), reader.Number()),
        MessageKind.Seek => ReadSeek(ref reader, view),
        MessageKind.Known => new Known(view, NodeCodec.ReadInfos(ref reader, WireLimits.MaxRanks)),
        MessageKind.JoinRefused => new JoinRefused(
            view, (JoinRefusal)reader.Int32((int)JoinRefusal.NameInUse, (int)JoinRefusal.Version), reader.Number()),
        MessageKind.Probe => new Probe(view, reader.Int64()),
        MessageKind.ProbeReply => new ProbeReply(view, reader.Int64()),
        MessageKind.Wedge => new Wedge(view, OrderCodec.ReadBallot(ref reader), ReadFounders(ref reader)),
        MessageKind.Wedged => new Wedged(
            view, OrderCodec.ReadBallot(ref reader), OrderCodec.ReadBallot(ref reader), ValueCodec.Read(ref reader), reader.Vector(),
            reader.Number(), OrderCodec.ReadRuns(ref reader), reader.Bits(), reader.Bool()),
        MessageKind.Refused => new Refused(view, OrderCodec.ReadBallot(ref reader), OrderCodec.ReadBallot(ref reader)),
        MessageKind.Pull => ReadPull(ref reader, view),
        MessageKind.Bodies => new Bodies(view, BundleReader.ReadNested(ref reader, context)),
        MessageKind.Propose => new Propose(
            view, OrderCodec.ReadBallot(ref reader), ValueCodec.ReadRequired(ref reader), BundleReader.ReadNested(ref reader, context)),
        MessageKind.Accepted => new Accepted(view, OrderCodec.ReadBallot(ref reader)),
        MessageKind.Decide => new Decide(
            view, reader.Int32(0, WireLimits.MaxRanks), ValueCodec.ReadRequired(ref reader), GroupTableCodec.Read(ref reader),
            BundleReader.ReadNested(ref reader, context)),
        MessageKind.Help => new Help(view, reader.Vector()),
        MessageKind.Notice => new Notice(view),
        MessageKind.Gone => new Gone(view, reader.Text(WireLimits.MaxReason)),
        MessageKind.Leave => new Leave(view),
        MessageKind.Direct => DirectCodec.Read(ref reader, view, context),
        MessageKind.DirectAck => DirectCodec.ReadAck(ref reader, view),
        MessageKind.StateOpen => new StateOpen(reader.Int32(), reader.Int32(), reader.Number()),
        MessageKind.StateChunk => new StateChunk(reader.Blob().ToArray()),
        MessageKind.StateEnd => new StateEnd(reader.Number(), reader.Bits()),
        MessageKind.StateAbort => new StateAbort(reader.Text(WireLimits.MaxReason)),
        MessageKind.StateTaken => new StateTaken(reader.Number()),
        _ => Unknown(ref reader),
    };

    private static Message? ReadSeek(ref WireReader reader, ViewKey view)
    {
        var seek = new Seek(
            NodeCodec.ReadInfo(ref reader), reader.Int32(), reader.Number(), NodeCodec.ReadInfos(ref reader, MaxSeen), reader.Int64());
        if (view != default)
            reader.Fail("a seeker has no view");
        return seek;
    }

    private static Pull ReadPull(ref WireReader reader, ViewKey view)
    {
        long[] after = reader.Vector();
        long[] upTo = reader.Vector();
        if (after.Length != upTo.Length)
            reader.Fail("vectors of different length");
        return new Pull(view, after, upTo);
    }

    private static IReadOnlyList<NodeInfo>? ReadFounders(ref WireReader reader) =>
        reader.AtNothing() ? null : NodeCodec.ReadInfos(ref reader, WireLimits.MaxRanks);

    private static Message? Unknown(ref WireReader reader)
    {
        reader.Fail("an unknown kind of frame");
        return null;
    }
}
