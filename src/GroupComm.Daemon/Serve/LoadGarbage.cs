using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Serve;

/// <summary>Work for the garbage collector: so much is allocated each second, and lives long enough to be copied before it dies.</summary>
internal static class LoadGarbage
{
    private const int Piece = 8 << 10;
    private const int Rounds = 50;
    private const int KeptMiB = 16;

    public static async Task MakeAsync(int mibPerSecond, CancellationToken stop)
    {
        byte[][] kept = new byte[KeptMiB << 20 >> 13][];
        int next = 0;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                for (long left = ((long)mibPerSecond << 20) / Rounds; left > 0; left -= Piece)
                    kept[next++ % kept.Length] = new byte[Piece];
                await Task.Delay(1000 / Rounds, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
