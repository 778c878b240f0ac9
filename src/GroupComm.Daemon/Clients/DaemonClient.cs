using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Sidecar;
using GroupComm.Transport;

namespace GroupComm.Daemon.Clients;

/// <summary>An event as the daemon sent it.</summary>
internal readonly record struct DaemonEvent(string Name, string? Id, string Data);

/// <summary>Speaks to a daemon over its HTTP interface, as any other program would.</summary>
internal sealed class DaemonClient : IDisposable
{
    public const string Variable = "GROUPCOMM_AT";
    public const string Default = "127.0.0.1:7480";

    private readonly HttpClient _http;
    private readonly string _at;

    /// <param name="at">From the command line; null: the environment, else the default.</param>
    public DaemonClient(string? at)
    {
        _at = at ?? Environment.GetEnvironmentVariable(Variable) ?? Default;
        _http = DaemonHttp.Create(_at);
    }

    public async Task<JsonDocument> GetAsync(string path, CancellationToken ct)
    {
        using HttpResponseMessage response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), ct).ConfigureAwait(false);
        await using Stream body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        return await JsonDocument.ParseAsync(body, cancellationToken: ct).ConfigureAwait(false);
    }

    /// <summary>One multicast. Its key makes it one although the connection may send it twice.</summary>
    public async Task<string> PostAsync(string path, byte[] payload, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using HttpResponseMessage response = await SendAsync(request, ct).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Reads Server-Sent Events until the daemon ends them.</summary>
    public async IAsyncEnumerable<DaemonEvent> EventsAsync(string path, string? lastId, [EnumeratorCancellation] CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using HttpResponseMessage response = await SendAsync(request, ct).ConfigureAwait(false);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false));
        (string name, string? id, string data) = ("message", null, "");
        while (await lines.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                    yield return new DaemonEvent(name, id, data);
                (name, id, data) = ("message", null, "");
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new DaemonException(Exit.Join, $"no daemon answers at {_at} ({error.InnerException?.Message ?? error.Message}): start 'groupcomm serve', or name its HTTP address with --at or {Variable}");
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, ct).ConfigureAwait(false);
    }

    private static async Task<DaemonException> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        int status = (int)response.StatusCode;
        string text = await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        try
        {
            using JsonDocument problem = JsonDocument.Parse(text);
            string? code = problem.RootElement.GetProperty("code").GetString(), fix = problem.RootElement.GetProperty("fix").GetString();
            text = $"{problem.RootElement.GetProperty("detail").GetString()}; {Fix(code) ?? fix}";
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException)
        {
            text = $"what answers is no daemon of this version (HTTP {status})";
        }
        return new DaemonException(status is >= 500 ? Exit.Violation : Exit.Usage, text) { Status = status };
    }

    /// <summary>What to do where the daemon's own advice speaks of HTTP.</summary>
    private static string? Fix(string? code) => code switch
    {
        "unknown-group" => "'groupcomm join GROUP --stay' makes it",
        "name-taken" => "take another --member, or none",
        "no-token" or "wrong-token" => $"name the file of its token with {DaemonHttp.TokenVariable}",
        "not-primary" => "try again; 'groupcomm health' says when it is ready",
        "not-durable" => "use --wait safe",
        _ => null,
    };
}

/// <summary>The daemon refused, or is not there; the text is one line that says what to do.</summary>
internal sealed class DaemonException(int exit, string message) : Exception(message)
{
    public int Exit => exit;

    /// <summary>Of HTTP; 0: there was no answer.</summary>
    public int Status { get; init; }
}
