using System;
using System.CommandLine;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Clients;

/// <summary><c>groupcomm join</c>: lines of standard input are multicast by the member, events are printed as JSON lines.</summary>
internal static class JoinCommand
{
    // A stream that breaks is taken up again, as long as the daemon keeps the member.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static Command Create()
    {
        var group = new Argument<string>("GROUP") { Description = "The group; the first member makes it." };
        var member = new Option<string?>("--member") { Description = "The member's name, unique in the group on that daemon [default: made up].", HelpName = "NAME" };
        var order = new Option<string>("--order") { Description = "Of what is sent: fifo, causal, agreed or safe.", HelpName = "ORDER", DefaultValueFactory = _ => "agreed" };
        Option<string?> at = ClientCommands.At();
        var command = new ExampledCommand("join",
            "Joins a group through a daemon: standard input is multicast line by line, events are printed as JSON lines. At the end of input the member leaves; with no input (</dev/null) use --stay.",
            "groupcomm join chat --member alice", "groupcomm join stock --stay | jq -r 'select(.event == \"message\").text'")
        {
            group, member, order, at,
        };
        var stay = new Option<bool>("--stay") { Description = "Goes on printing after the end of input, until SIGINT." };
        command.Add(stay);
        command.SetAction(async (parsed, ct) =>
        {
            string orderName = Orders.Name(Orders.Parse(parsed.GetRequiredValue(order)));
            string name = parsed.GetValue(member) ?? $"cli-{Guid.NewGuid().ToString("N")[..8]}";
            string path = $"/v1/groups/{Uri.EscapeDataString(parsed.GetRequiredValue(group))}";
            using DaemonClient client = new(parsed.GetValue(at));
            using var signals = new Serve.Signals(TimeSpan.FromSeconds(2));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, signals.Asked);
            var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            string self = $"member={Uri.EscapeDataString(name)}";
            Reader reader = new(client, $"{path}/events?{self}", parsed.InvocationConfiguration.Output, joined);
            Task reading = reader.RunAsync(stop.Token);
            Task<long> sending = SendAsync(client, $"{path}/messages?{self}&order={orderName}", joined.Task, stop.Token);
            try
            {
                await Task.WhenAny(reading, parsed.GetValue(stay) ? WaitOnAsync(sending) : sending, ReaderGoneAsync(stop.Token)).Unwrap().ConfigureAwait(false);
                if (!reading.IsCompleted && sending.IsCompletedSuccessfully)
                    await reader.UntilAsync(await sending.ConfigureAwait(false), stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Asked to leave.
            }
            finally
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
            return Exit.Ok;
        });
        return command;
    }

    /// <summary>Fails with the sends, and otherwise does not end.</summary>
    private static async Task WaitOnAsync(Task sending)
    {
        await sending.ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Nobody reads what is printed: <c>groupcomm join … | head -1</c> ends with head.</summary>
    private static async Task ReaderGoneAsync(CancellationToken stop)
    {
        while (!OutputReader.IsGone)
            await Task.Delay(s_pause, stop).ConfigureAwait(false);
    }

    /// <returns>How many were sent.</returns>
    private static async Task<long> SendAsync(DaemonClient client, string path, Task joined, CancellationToken stop)
    {
        await joined.WaitAsync(stop).ConfigureAwait(false);
        using StreamReader lines = SendCommand.Input();
        long sent = 0;
        for (; await lines.ReadLineAsync(stop).ConfigureAwait(false) is { } line; sent++)
            await client.PostAsync(path, Encoding.UTF8.GetBytes(line), stop).ConfigureAwait(false);
        return sent;
    }

    /// <summary>Prints events, and takes up a broken stream.</summary>
    private sealed class Reader(DaemonClient client, string path, TextWriter output, TaskCompletionSource joined)
    {
        private string? _lastId;
        private long _brokenAt;
        private string? _self;
        private volatile int _events;
        private volatile int _own;

        public async Task RunAsync(CancellationToken stop)
        {
            while (true)
            {
                try
                {
                    await foreach (DaemonEvent each in client.EventsAsync(path, _lastId, stop).ConfigureAwait(false))
                    {
                        _lastId = each.Id ?? _lastId;
                        _brokenAt = 0;
                        await PrintAsync(each).ConfigureAwait(false);
                        joined.TrySetResult();
                        if (each.Name is "left" or "dropped")
                            return;
                    }
                }
                catch (Exception error) when (_lastId is not null && !stop.IsCancellationRequested && error is IOException or System.Net.Http.HttpRequestException or DaemonException { Status: 0 or 503 })
                {
                    _brokenAt = _brokenAt == 0 ? Environment.TickCount64 : _brokenAt;
                    if (Environment.TickCount64 - _brokenAt > s_patience.TotalMilliseconds)
                        throw;
                }
                catch (Exception error)
                {
                    joined.TrySetException(error);
                    _ = joined.Task.Exception;
                    throw;
                }
                await Task.Delay(s_pause, stop).ConfigureAwait(false);
            }
        }

        /// <summary>All that was sent is delivered, and on its way here: the end comes after the last of it.</summary>
        public async Task UntilAsync(long sent, CancellationToken stop)
        {
            long before = -1;
            for (long since = Environment.TickCount64; _own < sent && !OutputReader.IsGone && Environment.TickCount64 - since < s_patience.TotalMilliseconds;)
            {
                if (before != _events)
                    (before, since) = (_events, Environment.TickCount64);
                await Task.Delay(s_look, stop).ConfigureAwait(false);
            }
        }

        private async Task PrintAsync(DaemonEvent each)
        {
            using JsonDocument data = JsonDocument.Parse(each.Data);
            Json.Write(output, json =>
            {
                json.WriteString("event", each.Name);
                if (each.Id is not null)
                    json.WriteString("at", each.Id);
                foreach (JsonProperty property in data.RootElement.EnumerateObject())
                    property.WriteTo(json);
            });
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            if (data.RootElement.TryGetProperty("self", out JsonElement self))
                _self = self.GetString();
            if (each.Name == "message" && data.RootElement.GetProperty("from").GetString() == _self)
                _own++;
            _events++;
        }
    }
}
