using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>What groups take in which this node has a member and nothing is sent.</summary>
internal static class EmptyGroups
{
    private const int AtOnce = 64;

    private static readonly List<IGroup> Joined = [];

    /// <summary>Joins that many groups. heap, bytes on the managed heap, resident bytes; garbage is collected before.</summary>
    public static async Task<string[]> JoinAsync(IGroupCommNode node, int groups)
    {
        foreach (int[] some in Enumerable.Range(0, groups).Chunk(AtOnce))
            Joined.AddRange(await Task.WhenAll(some.Select(i => node.JoinAsync($"empty{i}", static g => g.RegisterBytes(static (_, _, _) => ValueTask.CompletedTask)))).ConfigureAwait(false));
        Joined.TrimExcess();
        long heap = 0;
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            heap = GC.GetTotalMemory(forceFullCollection: true);
        }
        return ["heap", heap.ToString(CultureInfo.InvariantCulture), Environment.WorkingSet.ToString(CultureInfo.InvariantCulture)];
    }
}
