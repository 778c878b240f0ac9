using System;
using System.Net.Security;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Sidecar.Page;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar.Access;

/// <summary>
/// Who may use HTTP, and who may do what only an administrator does (law Q8). On a unix socket the modes of the file decide, and
/// an administrator is whoever runs as the daemon's own user or as root; over TCP tokens do.
/// </summary>
internal sealed class HttpAccess
{
    public const string SocketPrefix = "unix:";

    private const string Scheme = "Bearer ";

    private readonly SecretFile? _token;
    private readonly SecretFile? _admin;

    private HttpAccess(string? socket, SecretFile? token, SecretFile? admin, ServedCertificate? certificate) =>
        (Socket, _token, _admin, Certificate) = (socket, token, admin, certificate);

    /// <summary>On loopback, open to every local user.</summary>
    public static HttpAccess Open { get; } = new(null, null, null, null);

    /// <summary>The path of the unix socket; null: TCP.</summary>
    public string? Socket { get; }

    /// <summary>Of HTTPS; null: HTTP.</summary>
    public ServedCertificate? Certificate { get; }

    /// <summary>Fit for being reached from elsewhere.</summary>
    public bool IsProtected => _token is not null && Certificate is not null;

    /// <exception cref="UsageException">A file is missing or open to others, or options contradict.</exception>
    public static HttpAccess Of(ServeSettings settings)
    {
        bool socket = settings.Http.StartsWith(SocketPrefix, StringComparison.Ordinal);
        if ((settings.HttpCert is null) != (settings.HttpKey is null))
            throw new UsageException("HttpCert (--http-cert) and HttpKey (--http-key) go together");
        if (socket && (settings.AdminTokenFile ?? (settings.Tcp is null ? settings.TokenFile ?? settings.HttpCert : null)) is not null)
            throw new UsageException("tokens and certificates are for TCP: on a unix socket the modes of its directory decide, so leave them out");
        return new HttpAccess(
            socket ? settings.Http[SocketPrefix.Length..] : null,
            settings.TokenFile is { } token ? new SecretFile(token, "TokenFile (--token-file)") : null,
            settings.AdminTokenFile is { } admin ? new SecretFile(admin, "AdminTokenFile (--admin-token-file)") : null,
            settings.HttpCert is { } certificate ? new ServedCertificate(certificate, settings.HttpKey!) : null);
    }

    /// <summary>Throws the problem, if there is one. That the process lives is told to all, and the page is given to all: it is the same
    /// everywhere, and asks its visitor for the token. A client of the gateway may show its token in its HELLO.</summary>
    public void Check(HttpContext context)
    {
        bool later = context.Request.Path == "/healthz/live" || PageFiles.IsAsked(context.Request)
            || (context.Request.Path == "/v1/gateway" && Given(context) is null && context.WebSockets.IsWebSocketRequest);
        if (Socket is null && !later && !Admits(Given(context)))
            throw Unknown(context, "--token-file");
    }

    /// <summary>Whether that token is enough where one is asked for, which is over TCP.</summary>
    public bool Admits(string? token) => _token is null || _token.Is(token) || _admin?.Is(token) is true;

    /// <summary>What the gateway still has to ask a client for, whose request has been checked; null: nothing.</summary>
    public Func<string?, bool>? AskedOf(HttpContext context) => Socket is not null || Admits(Given(context)) ? null : Admits;

    /// <summary>The same for an admin call; called by its route, so that no way of writing a path passes by.</summary>
    public void CheckAdmin(HttpContext context)
    {
        if (Socket is not null)
        {
            if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && SocketFile.IsOwner(socket))
                return;
            throw new Problem(403, "not-admin", "admin calls on this socket are for the daemon's own user and root", "call as that user");
        }
        if (_admin is null)
            throw new Problem(403, "no-admin", "this daemon takes no admin calls over TCP", "start it with --admin-token-file, or with --http unix:PATH");
        if (!_admin.Is(Given(context)))
            throw Unknown(context, "--admin-token-file");
    }

    private static Problem Unknown(HttpContext context, string flag)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Given(context) is null
            ? new Problem(401, "no-token", "the request has no token", $"send 'Authorization: Bearer TOKEN' with the token of {flag}")
            : new Problem(403, "wrong-token", "the token is not the one for this", $"send the token of {flag}");
    }

    private static string? Given(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}
