using System;
using System.Security.Authentication;

namespace GroupComm.Transport.Tls;

/// <summary>TLS 1.3 and nothing else, except where the platform's server has none.</summary>
internal static class TlsVersions
{
    public static bool Has13 { get; } =
        OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD() || OperatingSystem.IsWindowsVersionAtLeast(10, 0, 20348);

    public static SslProtocols Accepted => Has13 ? SslProtocols.Tls13 : SslProtocols.Tls12;
}
