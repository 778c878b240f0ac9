using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A group of its own whose state is so many bytes: its first member has them, and who joins later gets them.</summary>
internal static class StateBench
{
    private const string Name = "state";
    private const int Piece = 64 << 10;

    /// <summary>Becomes the donor.</summary>
    public static Task<IGroup> GiveAsync(IGroupCommNode node, long size) =>
        node.JoinAsync(Name, g => g.RegisterState((to, ct) => WriteAsync(to, size, ct), (_, _) => Task.CompletedTask));

    /// <summary>Joins, gets the state, leaves. Milliseconds of the join, the bytes that came, and how many messages of other groups were delivered meanwhile.</summary>
    public static async Task<string[]> TakeAsync(IGroupCommNode node, Func<long> delivered)
    {
        long bytes = 0, before = delivered();
        long began = Stopwatch.GetTimestamp();
        IGroup group = await node.JoinAsync(Name, g => g.RegisterState((_, _) => Task.CompletedTask, async (from, ct) => bytes = await ReadAsync(from, ct).ConfigureAwait(false))).ConfigureAwait(false);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        long meanwhile = delivered() - before;
        await group.LeaveAsync().ConfigureAwait(false);
        return ["took", took.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture), bytes.ToString(CultureInfo.InvariantCulture), meanwhile.ToString(CultureInfo.InvariantCulture)];
    }

    private static async Task WriteAsync(Stream to, long size, CancellationToken ct)
    {
        byte[] piece = new byte[Piece];
        new Random(5).NextBytes(piece);
        for (long left = size; left > 0; left -= Piece)
            await to.WriteAsync(piece.AsMemory(0, (int)Math.Min(Piece, left)), ct).ConfigureAwait(false);
    }

    private static async Task<long> ReadAsync(Stream from, CancellationToken ct)
    {
        byte[] piece = new byte[Piece];
        long bytes = 0;
        while (await from.ReadAsync(piece, ct).ConfigureAwait(false) is > 0 and int read)
            bytes += read;
        return bytes;
    }
}
