using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GroupComm.Transport;

/// <summary>The one parser of <c>host:port</c>: name, IPv4 or <c>[IPv6]</c>, port optional. Equal endpoints compare equal:
/// names are lower case, IPv6 addresses in their short form. <see cref="ToString"/> round-trips.</summary>
internal readonly record struct Endpoint
{
    /// <summary>The port when none is given.</summary>
    public const int DefaultPort = 7400;

    private Endpoint(string host, int port) => (Host, Port) = (host, port);

    /// <summary>Name or address, without brackets.</summary>
    public string Host { get; }

    /// <summary>0 (any free one, for listening) to 65535.</summary>
    public int Port { get; }

    /// <summary>Parses, or says no.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, int defaultPort, out Endpoint endpoint) =>
        TryParse(text, defaultPort, out endpoint, out _);

    /// <summary>Parses, or says in one line what is wrong.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, int defaultPort, out Endpoint endpoint, out string error)
    {
        endpoint = default;
        if (string.IsNullOrEmpty(text))
        {
            error = "an endpoint is missing; write host:port, for example 127.0.0.1:7400";
            return false;
        }

        if (!TrySplit(text, out string host, out string? portText, out string wrong)
            || !TryPort(portText, defaultPort, out int port, out wrong))
        {
            error = $"'{text}' is not an endpoint: {wrong}";
            return false;
        }

        endpoint = new Endpoint(host, port);
        error = "";
        return true;
    }

    /// <summary>The endpoint of a socket; an IPv4 address that came in over IPv6 is written as IPv4.</summary>
    public static Endpoint Of(IPEndPoint address) =>
        new((address.Address.IsIPv4MappedToIPv6 ? address.Address.MapToIPv4() : address.Address).ToString(), address.Port);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static bool TrySplit(string text, out string host, out string? port, out string wrong)
    {
        (host, port, wrong) = (text, null, "");
        if (text[0] == '[')
        {
            int end = text.IndexOf(']', StringComparison.Ordinal);
            string rest = end < 0 ? "" : text[(end + 1)..];
            if (end < 0 || (rest.Length > 0 && rest[0] != ':'))
                return Fail("write an IPv6 address as [address]:port", out wrong);
            if (!IPAddress.TryParse(text.AsSpan(1, end - 1), out IPAddress? v6) || v6.AddressFamily != AddressFamily.InterNetworkV6
                || text.AsSpan(1, end - 1).ContainsAny('[', ']', '/'))
                return Fail("there is no IPv6 address between the brackets", out wrong);
            (host, port) = (v6.ToString(), rest.Length == 0 ? null : rest[1..]);
            return true;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon != text.LastIndexOf(':'))
            return Fail(IPAddress.TryParse(text, out _) ? $"put an IPv6 address into brackets: [{text}]:7400" : "it has more than one colon", out wrong);
        if (colon >= 0)
            (host, port) = (text[..colon], text[(colon + 1)..]);
        host = host.ToLowerInvariant();
        return HostName.IsValid(host, out wrong);
    }

    private static bool TryPort(string? text, int defaultPort, out int port, out string wrong)
    {
        (port, wrong) = (defaultPort, "");
        if (text is null)
            return true;
        return (text.Length is > 0 and <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort)
            || Fail("the port must be a number from 0 to 65535", out wrong);
    }

    private static bool Fail(string why, out string wrong)
    {
        wrong = why;
        return false;
    }
}
