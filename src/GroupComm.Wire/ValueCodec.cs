using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>What a view change decides: <c>[epoch, view, members, cut, sequence base, sequence, departed, leavers,
/// founders, feature level]</c>.</summary>
internal static class ValueCodec
{
    public static void Write(WireWriter writer, ViewValue? value)
    {
        if (value is null)
        {
            writer.Nil();
            return;
        }
        writer.Array(10);
        writer.Int(value.Next.Epoch);
        writer.Int(value.Next.Id);
        NodeCodec.WriteInfos(writer, value.Members);
        writer.Vector(value.Cut);
        writer.Int(value.SequenceBase);
        OrderCodec.WriteRuns(writer, value.Sequence);
        writer.Array(value.Departed.Count);
        foreach (Departure departure in value.Departed)
            NodeCodec.WriteDeparture(writer, departure);
        writer.Array(value.Leavers.Count);
        foreach (NodeId leaver in value.Leavers)
            NodeCodec.WriteId(writer, leaver);
        writer.Array(value.Founders.Count);
        foreach (string founder in value.Founders)
            writer.Text(founder);
        writer.Int(value.FeatureLevel);
    }

    public static ViewValue? Read(ref WireReader reader)
    {
        if (!reader.BeginNullable(out int saved))
            return null;
        var value = new ViewValue(
            FrameHead.ReadView(ref reader),
            NodeCodec.ReadInfos(ref reader, WireLimits.MaxRanks),
            reader.Vector(),
            reader.Number(),
            OrderCodec.ReadRuns(ref reader),
            ReadDepartures(ref reader),
            ReadLeavers(ref reader),
            ReadFounders(ref reader),
            reader.Int32());
        reader.End(saved);
        return value;
    }

    /// <summary>For messages that mean nothing without a value.</summary>
    public static ViewValue ReadRequired(ref WireReader reader)
    {
        ViewValue? value = Read(ref reader);
        if (value is null)
            reader.Fail("a decision without a value");
        return value!;
    }

    private static Departure[] ReadDepartures(ref WireReader reader)
    {
        int saved = reader.BeginList(out int count, WireLimits.MaxRanks, NodeCodec.Least);
        Departure[] departed = count == 0 ? [] : new Departure[count];
        for (int i = 0; i < departed.Length && !reader.Failed; i++)
            departed[i] = NodeCodec.ReadDeparture(ref reader);
        reader.End(saved);
        return departed;
    }

    private static IReadOnlyList<NodeId> ReadLeavers(ref WireReader reader)
    {
        int saved = reader.BeginList(out int count, WireLimits.MaxRanks, NodeCodec.Least);
        NodeId[] leavers = count == 0 ? [] : new NodeId[count];
        for (int i = 0; i < leavers.Length && !reader.Failed; i++)
            leavers[i] = NodeCodec.ReadId(ref reader);
        reader.End(saved);
        return leavers;
    }

    private static string[] ReadFounders(ref WireReader reader)
    {
        int saved = reader.BeginList(out int count, WireLimits.MaxRanks, 2);
        string[] founders = count == 0 ? [] : new string[count];
        for (int i = 0; i < founders.Length && !reader.Failed; i++)
            founders[i] = NodeCodec.ReadName(ref reader);
        reader.End(saved);
        return founders;
    }
}
