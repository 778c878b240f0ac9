using System;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar;

/// <summary>
/// Keeps pages of other origins out: a browser would let any page send to a loopback address. A request states a host that
/// is this machine's own name for itself (else a name of the page's was made to point here), and if it comes from a page, from a page of ours.
/// </summary>
internal sealed class HttpGuard(bool loopback)
{
    /// <summary>Throws the problem, if there is one.</summary>
    public void Check(HttpRequest request)
    {
        if (loopback && !IsOwnName(request.Host.Host))
            throw new Problem(403, "foreign-host", $"the request is for '{request.Host.Value}', which is not this daemon's loopback address", "use http://127.0.0.1 or http://localhost");
        string? origin = request.Headers.Origin;
        string? site = request.Headers["Sec-Fetch-Site"];
        bool own = string.IsNullOrEmpty(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && string.Equals(page.GetLeftPart(UriPartial.Authority), Own(request), StringComparison.OrdinalIgnoreCase));
        bool elsewhere = site is "cross-site" or "same-site" && request.Path != "/";
        if (!own || elsewhere)
            throw new Problem(403, "foreign-origin", $"the request comes from a page of another origin ('{origin ?? site}')", "send from a page of this daemon, or from a program");
    }

    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsOwnName(string host) => IsLoopback(host.Trim('[', ']'));

    // As an origin is written: the usual port is left out.
    private static string Own(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out Uri? own) ? own.GetLeftPart(UriPartial.Authority) : "";
}
