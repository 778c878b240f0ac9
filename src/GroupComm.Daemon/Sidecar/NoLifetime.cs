using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace GroupComm.Daemon.Sidecar;

/// <summary>The daemon handles signals, and stops its hosts when it is time.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
