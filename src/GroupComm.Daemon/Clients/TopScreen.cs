using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GroupComm.Daemon.Clients;

/// <summary>What <c>top</c> draws from the daemon's snapshots.</summary>
internal static class TopScreen
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(DaemonClient client, TextWriter output, bool json, CancellationToken ct)
    {
        using var signals = new Serve.Signals(TimeSpan.FromSeconds(2));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, signals.Asked);
        try
        {
            // Into a pipe, a screen makes no sense: one snapshot, with rates since the one before it.
            if (json || Console.IsOutputRedirected)
                await OnceAsync(client, output, json, stop.Token).ConfigureAwait(false);
            else
                await AnsiConsole.Live(new Text("…")).StartAsync(screen => WatchAsync(client, screen, stop.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    /// <summary>Until told to stop. A daemon that ends may come back: what it said last stays on the screen, under the news.</summary>
    private static async Task WatchAsync(DaemonClient client, LiveDisplayContext screen, CancellationToken stop)
    {
        Rows? last = null;
        for (bool first = true; ; first = false)
        {
            try
            {
                await foreach (DaemonEvent each in client.EventsAsync("/v1/live", null, stop).ConfigureAwait(false))
                {
                    using JsonDocument snapshot = JsonDocument.Parse(each.Data);
                    screen.UpdateTarget(last = Draw(snapshot.RootElement));
                }
            }
            catch (Exception error) when (!first && error is DaemonException { Status: 0 or 503 })
            {
                // Not yet back.
            }
            catch (IOException) when (last is not null)
            {
                // It ended without a farewell.
            }
            if (last is not null)
                screen.UpdateTarget(new Rows(new Text("the daemon does not answer any more; what it said last:"), last));
            await Task.Delay(s_pause, stop).ConfigureAwait(false);
        }
    }

    private static async Task OnceAsync(DaemonClient client, TextWriter output, bool json, CancellationToken stop)
    {
        string last = "{}";
        await foreach (DaemonEvent each in client.EventsAsync("/v1/live?frames=2", null, stop).ConfigureAwait(false))
            last = each.Data;
        if (json)
        {
            await output.WriteLineAsync(last).ConfigureAwait(false);
            return;
        }
        using JsonDocument snapshot = JsonDocument.Parse(last);
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) })
            .Write(Draw(snapshot.RootElement));
    }

    private static Rows Draw(JsonElement at)
    {
        JsonElement view = at.GetProperty("view");
        string title = view.GetProperty("id").ValueKind == JsonValueKind.Null
            ? "no view yet"
            : $"view {view.GetProperty("id").GetInt64()} of {view.GetProperty("cluster").GetString()}, at {view.GetProperty("node").GetString()}{(view.GetProperty("primary").GetBoolean() ? "" : ", NOT PRIMARY")}";
        string[] summary = [.. at.GetProperty("summary").EnumerateArray().Select(line => line.GetString() ?? "")];
        return new Rows(
            new Text(title), Members(at), Rates(at), Stability(at),
            new Text(summary.Length == 0 ? $"nothing waits; {at.GetProperty("undelivered").GetInt64()} undelivered" : string.Join(Environment.NewLine, summary.Take(8))));
    }

    private static Table Members(JsonElement at)
    {
        Table table = Of("rank", "member", "incarnation", "state", "silent", "address");
        foreach (JsonElement member in at.GetProperty("members").EnumerateArray())
            Add(table, Number(member, "rank"), member.GetProperty("name").GetString(), Number(member, "incarnation"),
                member.GetProperty("suspicion").GetString() is { } reason ? $"suspected: {reason}" : member.GetProperty("self").GetBoolean() ? "this node" : "alive",
                $"{Number(member, "silentMs")} ms", member.GetProperty("address").GetString());
        return table;
    }

    private static Table Rates(JsonElement at)
    {
        Table table = Of("order", "sent/s", "delivered/s", "delivery p50", "p99", "safe p50", "p99");
        foreach (JsonProperty order in at.GetProperty("orders").EnumerateObject())
        {
            JsonElement delivery = order.Value.GetProperty("delivery"), safe = order.Value.GetProperty("safe");
            Add(table, order.Name, Number(order.Value, "sentPerSecond"), Number(order.Value, "deliveredPerSecond"),
                Milliseconds(delivery, "p50Ms"), Milliseconds(delivery, "p99Ms"), Milliseconds(safe, "p50Ms"), Milliseconds(safe, "p99Ms"));
        }
        return table;
    }

    private static Table Stability(JsonElement at)
    {
        Table table = Of("stream of", "received", "held", "delivered", "stable", "held back by");
        foreach (JsonElement stream in at.GetProperty("stability").EnumerateArray())
            Add(table, Name(stream.GetProperty("sender")), Number(stream, "received"), Number(stream, "held"), Number(stream, "delivered"), Number(stream, "stable"),
                string.Join(", ", stream.GetProperty("heldBackBy").EnumerateArray().Select(Name)));
        return table;
    }

    /// <summary>Of NAME#INCARNATION.</summary>
    private static string Name(JsonElement node) => (node.GetString() ?? "").Split('#')[0];

    private static Table Of(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        return table;
    }

    private static void Add(Table table, params string?[] cells) => table.AddRow(cells.Select(cell => (IRenderable)new Text(cell ?? "")));

    private static string Number(JsonElement element, string name) => element.GetProperty(name).GetDouble().ToString("0.#", CultureInfo.InvariantCulture);

    private static string Milliseconds(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? $"{value.GetDouble().ToString("0.##", CultureInfo.InvariantCulture)} ms" : "";
}
