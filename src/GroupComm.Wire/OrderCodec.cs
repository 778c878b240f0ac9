using System;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>Order runs <c>[rank, up to, count]</c> and ballots <c>[round, rank]</c>.</summary>
internal static class OrderCodec
{
    private const int LeastRun = 4;

    public static void WriteRuns(WireWriter writer, ReadOnlySpan<OrderRun> runs)
    {
        writer.Array(runs.Length);
        foreach (OrderRun run in runs)
        {
            writer.Array(3);
            writer.Int(run.Rank);
            writer.Int(run.UpTo);
            writer.Int(run.Count);
        }
    }

    public static OrderRun[] ReadRuns(ref WireReader reader)
    {
        int list = reader.BeginList(out int count, int.MaxValue, LeastRun);
        OrderRun[] runs = count == 0 ? [] : new OrderRun[count];
        for (int i = 0; i < runs.Length && !reader.Failed; i++)
        {
            int saved = reader.Begin();
            runs[i] = new OrderRun(reader.Rank(), reader.Number(), reader.Int32());
            reader.End(saved);
            if (runs[i].Count > runs[i].UpTo)
                reader.Fail("an order run longer than its stream");
        }
        reader.End(list);
        return runs;
    }

    public static void WriteBallot(WireWriter writer, Ballot ballot)
    {
        writer.Array(2);
        writer.Int(ballot.Round);
        writer.Int(ballot.Rank);
    }

    public static Ballot ReadBallot(ref WireReader reader)
    {
        int saved = reader.Begin();
        var ballot = new Ballot(reader.Number(), reader.Rank());
        reader.End(saved);
        return ballot;
    }
}
