using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport;

namespace GroupComm.Runtime.Discovery;

/// <summary>Asks for the addresses of a name.</summary>
internal delegate Task<IPAddress[]> NameLookup(string host, CancellationToken ct);

/// <summary>
/// All addresses of one name, each at the same port. A look-up that fails keeps what the last good one found: a name service
/// that is away must not cost a link, and links that stand are none of its business.
/// </summary>
internal sealed class DnsDiscovery(Endpoint name, TimeSpan refresh, NameLookup? lookup = null, TimeProvider? time = null) : IGroupCommDiscovery
{
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromSeconds(1);

    private readonly NameLookup _lookup = lookup ?? Dns.GetHostAddressesAsync;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Source => name.ToString();

    public async IAsyncEnumerable<Finding> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        Finding last = new([]);
        while (true)
        {
            last = await LookUpAsync(last, ct).ConfigureAwait(false);
            yield return last;
            TimeSpan pause = last.Failure.Length > 0 && refresh > AfterAFailure ? AfterAFailure : refresh;
            await Task.Delay(pause, _time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>One look-up after <paramref name="last"/>.</summary>
    public async Task<Finding> LookUpAsync(Finding last, CancellationToken ct)
    {
        try
        {
            IPAddress[] found = await _lookup(name.Host, ct).WaitAsync(LongestLookup, _time, ct).ConfigureAwait(false);
            string[] endpoints = [.. found.Select(address => Endpoint.Of(new IPEndPoint(address, name.Port)).ToString()).Distinct().Order(StringComparer.Ordinal)];
            return endpoints.Length > 0 ? new Finding(endpoints) : last with { Failure = NoAddress };
        }
        catch (SocketException)
        {
            return last with { Failure = NoAddress };
        }
        catch (TimeoutException)
        {
            return last with { Failure = $"no answer within {LongestLookup.TotalSeconds:0} s; check the name service" };
        }
    }

    private string NoAddress => $"the name '{name.Host}' has no address; check the spelling, and that it also shows nodes that are not ready";
}
