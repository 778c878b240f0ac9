using System;
using System.Diagnostics;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>Sends as much as is admitted until it is stopped: the load beside something else.</summary>
internal sealed class Flow
{
    private readonly Task _run;
    private volatile bool _stop;

    public Flow(IGroup group, DeliveryOrder order, int size) => _run = Task.Run(() => RunAsync(group, order, new byte[size]));

    public Task StopAsync()
    {
        _stop = true;
        return _run;
    }

    private async Task RunAsync(IGroup group, DeliveryOrder order, byte[] payload)
    {
        while (!_stop)
            await group.SendBytesAsync(payload, order).ConfigureAwait(false);
    }
}
