using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Transport;

namespace GroupComm.Daemon.Clients;

/// <summary>The way to a daemon: <c>host:port</c>, <c>https://host:port</c> or <c>unix:PATH</c>. A token and a CA stand in files that the
/// environment names, so that neither is on a command line.</summary>
internal static class DaemonHttp
{
    public const string TokenVariable = "GROUPCOMM_TOKEN_FILE";
    public const string AuthorityVariable = "GROUPCOMM_CA";

    private const string Https = "https://";

    public static HttpClient Create(string at)
    {
        // No proxy: a daemon is beside its programs.
        SocketsHttpHandler handler = new() { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        HttpClient http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (at.StartsWith(HttpAccess.SocketPrefix, StringComparison.Ordinal))
        {
            Dial(handler, at[HttpAccess.SocketPrefix.Length..]);
            http.BaseAddress = new Uri("http://localhost");
            return http;
        }
        bool tls = at.StartsWith(Https, StringComparison.OrdinalIgnoreCase);
        string text = tls ? at[Https.Length..].TrimEnd('/') : at;
        if (!Endpoint.TryParse(text, HttpHost.DefaultPort, out Endpoint endpoint, out string error))
            throw new UsageException($"--at: {error}; also unix:PATH and https://HOST:PORT");
        http.BaseAddress = new Uri($"{(tls ? "https" : "http")}://{endpoint}");
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } file)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Text(file, TokenVariable).Trim());
        if (tls && Environment.GetEnvironmentVariable(AuthorityVariable) is { Length: > 0 } authority)
            Trust(handler, authority);
        return http;
    }

    private static void Dial(SocketsHttpHandler handler, string path) => handler.ConnectCallback = async (_, ct) =>
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    };

    private static void Trust(SocketsHttpHandler handler, string file)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(Text(file, AuthorityVariable));
        }
        catch (CryptographicException error)
        {
            throw new UsageException($"{AuthorityVariable} names '{file}', which is no PEM certificate: {error.Message}");
        }
        handler.SslOptions.CertificateChainPolicy = policy;
    }

    private static string Text(string path, string variable)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{variable} names '{path}', which cannot be read: {error.Message}");
        }
    }
}
