using System.Collections.Generic;
using GroupComm.Core;

namespace GroupComm.Wire;

/// <summary>Identities: <c>[name, incarnation]</c>, <c>[name, incarnation, address, feature level]</c> (a level of 1 is left out), <c>[name, incarnation, reason]</c>.</summary>
internal static class NodeCodec
{
    /// <summary>Smallest encoding of one.</summary>
    public const int Least = 4;

    public static void WriteId(WireWriter writer, NodeId id)
    {
        writer.Array(2);
        writer.Text(id.Name);
        writer.Int(id.Incarnation);
    }

    public static NodeId ReadId(ref WireReader reader)
    {
        int saved = reader.Begin();
        NodeId id = ReadIdFields(ref reader);
        reader.End(saved);
        return id;
    }

    /// <summary>Name and incarnation as fields of an open array.</summary>
    public static NodeId ReadIdFields(ref WireReader reader)
    {
        string name = ReadName(ref reader);
        long incarnation = reader.Range(1, NodeId.MaxIncarnation);
        return reader.Failed ? default : new NodeId(name, incarnation);
    }

    public static string ReadName(ref WireReader reader)
    {
        string name = reader.Text(NodeId.MaxNameLength);
        if (!NodeId.IsValidName(name))
            reader.Fail("no node name");
        return name;
    }

    public static void WriteInfo(WireWriter writer, NodeInfo node)
    {
        bool levelled = node.Level != NodeInfo.LowestLevel;
        writer.Array(levelled ? 4 : 3);
        writer.Text(node.Id.Name);
        writer.Int(node.Id.Incarnation);
        writer.Text(node.Address);
        if (levelled)
            writer.Int(node.Level);
    }

    public static NodeInfo ReadInfo(ref WireReader reader)
    {
        int saved = reader.Begin();
        var node = new NodeInfo(
            ReadIdFields(ref reader), reader.Text(WireLimits.MaxAddress), reader.AtNothing() ? NodeInfo.LowestLevel : (int)reader.Range(NodeInfo.LowestLevel, int.MaxValue));
        reader.End(saved);
        return node;
    }

    public static void WriteInfos(WireWriter writer, IReadOnlyList<NodeInfo> nodes)
    {
        writer.Array(nodes.Count);
        foreach (NodeInfo node in nodes)
            WriteInfo(writer, node);
    }

    public static NodeInfo[] ReadInfos(ref WireReader reader, int max)
    {
        int saved = reader.BeginList(out int count, max, Least);
        NodeInfo[] nodes = count == 0 ? [] : new NodeInfo[count];
        for (int i = 0; i < nodes.Length && !reader.Failed; i++)
            nodes[i] = ReadInfo(ref reader);
        reader.End(saved);
        return nodes;
    }

    public static void WriteDeparture(WireWriter writer, Departure departure)
    {
        writer.Array(3);
        writer.Text(departure.Id.Name);
        writer.Int(departure.Id.Incarnation);
        writer.Reason(departure.Reason);
    }

    public static Departure ReadDeparture(ref WireReader reader)
    {
        int saved = reader.Begin();
        var departure = new Departure(ReadIdFields(ref reader), reader.Text(WireLimits.MaxReason));
        reader.End(saved);
        return departure;
    }
}
