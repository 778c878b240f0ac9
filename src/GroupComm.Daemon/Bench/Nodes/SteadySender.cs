using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>Sends a message about every millisecond and remembers for how long it was once held up.</summary>
internal sealed class SteadySender
{
    private readonly Task<TimeSpan> _run;
    private volatile bool _stop;

    public SteadySender(IGroup group, DeliveryOrder order, int size) => _run = Task.Run(() => RunAsync(group, order, new byte[Math.Max(2, size)]));

    /// <summary>Ends the sending; the longest time that one send took to be admitted.</summary>
    public Task<TimeSpan> StopAsync()
    {
        _stop = true;
        return _run;
    }

    private async Task<TimeSpan> RunAsync(IGroup group, DeliveryOrder order, byte[] payload)
    {
        TimeSpan longest = default;
        while (!_stop)
        {
            long began = Stopwatch.GetTimestamp();
            await group.SendBytesAsync(payload, order).ConfigureAwait(false);
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            if (took > longest)
                longest = took;
            await Task.Delay(1).ConfigureAwait(false);
        }
        return longest;
    }
}
