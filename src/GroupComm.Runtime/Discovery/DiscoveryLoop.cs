using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Links;

namespace GroupComm.Runtime.Discovery;

/// <summary>Carries what is found to the dialer, for as long as the node lives.</summary>
internal sealed class DiscoveryLoop(IGroupCommDiscovery discovery, Dialer dialer)
{
    private readonly CancellationTokenSource _stop = new();
    private volatile string _failure = "";
    private Task _loop = Task.CompletedTask;

    /// <summary>What does not work; null when it does.</summary>
    public JoinObstacle? Obstacle => _failure is { Length: > 0 } text ? new JoinObstacle(JoinStep.Resolve, discovery.Source, text) : null;

    public void Start() => _loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (Finding finding in discovery.WatchAsync(_stop.Token).ConfigureAwait(false))
            {
                _failure = finding.Failure;
                dialer.SetDiscovered(finding.Endpoints);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (Exception error)
        {
            _failure = $"discovery ended: {error.Message}"; // said by the join doctor; links that stand go on
        }
    }
}
