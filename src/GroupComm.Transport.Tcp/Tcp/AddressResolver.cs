using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tcp;

/// <summary>From the text of an endpoint to the addresses to try, in order, and the rule that plaintext stays on loopback (law Q1).</summary>
internal static class AddressResolver
{
    /// <summary>At least one address, or a <see cref="TransportException"/>.</summary>
    public static async Task<IPEndPoint[]> ResolveAsync(Endpoint endpoint, CancellationToken ct)
    {
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal)
            ? [literal]
            : await LookUpAsync(endpoint.Host, ct).ConfigureAwait(false);
        return addresses.Length > 0
            ? [.. addresses.Select(address => new IPEndPoint(address, endpoint.Port))]
            : throw new TransportException(JoinStep.Resolve, NoAddress(endpoint.Host));
    }

    /// <summary>The parsed endpoint, or the parser's line as an error.</summary>
    public static Endpoint Parse(string text) => Endpoint.TryParse(text, Endpoint.DefaultPort, out Endpoint endpoint, out string error)
        ? endpoint
        : throw new TransportException(JoinStep.Resolve, error);

    /// <summary>Throws when one of the addresses is reachable from elsewhere and nothing protects the bytes.</summary>
    public static void GuardPlaintext(Endpoint endpoint, IPEndPoint[] addresses, bool allowed)
    {
        if (!allowed && !Array.TrueForAll(addresses, address => IPAddress.IsLoopback(address.Address)))
            throw new TransportException(JoinStep.Tls,
                $"{endpoint} is not loopback and there is no TLS: configure certificates with TlsCert, TlsKey and TlsCa ('groupcomm cert' makes them), or allow plaintext peers with AllowPlaintext (--insecure-peers)", permanent: true);
    }

    private static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken ct)
    {
        // The same on every machine, whatever its hosts file says.
        if (host == "localhost")
            return Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        try
        {
            return await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new TransportException(JoinStep.Resolve, NoAddress(host), inner: error);
        }
    }

    private static string NoAddress(string host) => $"the name '{host}' has no address; check the spelling and DNS";
}
