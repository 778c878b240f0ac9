using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Serve;

/// <summary>
/// Asks at start whether the seeds' names have addresses: a misspelt name should stop a daemon, not leave it waiting. One
/// name that resolves is enough, since others may belong to machines that are yet to start.
/// </summary>
internal static class SeedNames
{
    public static async Task CheckAsync(GroupCommOptions options, ILogger log, CancellationToken ct)
    {
        List<string> unknown = [];
        foreach (string seed in options.Seeds)
            if (Endpoint.TryParse(seed, Endpoint.DefaultPort, out Endpoint endpoint) && !await HasAddressAsync(endpoint.Host, ct).ConfigureAwait(false))
                unknown.Add(endpoint.Host);
        if (unknown.Count == 0)
            return;
        if (unknown.Count == options.Seeds.Count)
            throw new JoinException(JoinStep.Resolve, $"'{unknown[0]}' has no address: correct --seed or the name service");
        log.LogWarning("Seeds without an address, tried again later: {Seeds}", string.Join(", ", unknown));
    }

    private static async Task<bool> HasAddressAsync(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out _))
            return true;
        try
        {
            return (await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false)).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
