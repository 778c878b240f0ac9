using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Tests.Chaos;

/// <summary>The place of an event in what one node delivered, as <c>Last-Event-ID</c> has it.</summary>
internal readonly record struct Place(long View, long GroupView, long Position) : IComparable<Place>
{
    public static Place Parse(string id)
    {
        string[] parts = id.Split('.', ':');
        return new Place(Number(parts[0]), Number(parts[1]), Number(parts[2]));
    }

    public int CompareTo(Place other) => (View, GroupView, Position).CompareTo((other.View, other.GroupView, other.Position));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

internal sealed record Got(Place Place, string Text, string Order);

/// <summary>What a client was told between two resets, by one life of its daemon.</summary>
internal sealed record Segment(int Daemon, int Life, List<Got> Messages);

/// <summary>Reads, breaks off at random, and comes back with the id of the last event that it handled.</summary>
internal sealed class ChaosClient(string name, ChaosDaemon daemon, Random random, string end)
{
    public List<Segment> Segments { get; } = [];

    /// <summary>How often it came back and went on.</summary>
    public int Resumed { get; private set; }

    public string Name => name;

    public ChaosDaemon Daemon => daemon;

    /// <summary>Until it was told the message that ends the run.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        string? lastId = null;
        while (true)
        {
            try
            {
                int life = daemon.Life;
                using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/groups/chaos/events?member={name}&grace=60s");
                if (lastId is not null)
                    request.Headers.Add("Last-Event-ID", lastId);
                using HttpResponseMessage response = await daemon.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                    limit.CancelAfter(random.Next(200, 3000)); // breaks off wherever it is
                    if (lastId is not null)
                        Resumed++;
                    using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
                    string? id = null, kind = null;
                    while (await lines.ReadLineAsync(limit.Token) is { } line)
                    {
                        if (line.StartsWith("id: ", StringComparison.Ordinal))
                            id = line[4..];
                        else if (line.StartsWith("event: ", StringComparison.Ordinal))
                            kind = line[7..];
                        else if (line.StartsWith("data: ", StringComparison.Ordinal) && Take(kind!, id, line[6..], life))
                            return;
                        else if (line.Length == 0)
                            (id, kind, lastId) = (null, null, id ?? lastId);
                    }
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // It broke off, or its daemon died.
            }
            await Task.Delay(random.Next(10, 200), ct);
        }
    }

    private bool Take(string kind, string? id, string data, int life)
    {
        if (kind == "reset" || Segments.Count == 0)
            Segments.Add(new Segment(daemon.Index, life, []));
        if (kind != "message")
            return false;
        using JsonDocument message = JsonDocument.Parse(data);
        string text = message.RootElement.GetProperty("text").GetString()!;
        Segments[^1].Messages.Add(new Got(Place.Parse(id!), text, message.RootElement.GetProperty("order").GetString()!));
        return text == end;
    }
}
