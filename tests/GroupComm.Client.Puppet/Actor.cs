using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Groups;

namespace GroupComm.Client.Puppet;

/// <summary>One client of the suite. It uses what users have; what they do not (a cut, a type that is no type of .NET) it takes from inside.</summary>
internal sealed class Actor(string name)
{
    private const int LongestText = 256;

    private readonly Lock _lock = new();
    private readonly List<string> _state = [];
    private readonly ConcurrentDictionary<MessageId, Typed> _typed = new();
    private volatile TaskCompletionSource _free = Freed();
    private volatile bool _quiet;
    private GroupCommClient? _client;
    private ClientGroup? _group;

    public async Task<JsonObject?> DoAsync(string what, JsonNode line)
    {
        switch (what)
        {
            case "connect":
                return await ConnectAsync(line);
            case "join":
                return await JoinAsync(line);
            case "send":
                return await SendAsync(line);
            case "sendTo":
                await Group.SendBytesToAsync(Member((string)line["to"]!), (string?)line["type"], Encoding.UTF8.GetBytes((string)line["text"]!), default);
                return null;
            case "query":
                return await QueryAsync(line);
            case "barrier":
                await Group.BarrierAsync();
                return null;
            case "leave":
                await Group.LeaveAsync();
                return null;
            case "close":
                await Client.DisposeAsync();
                return null;
            case "cut":
                Client.Main.Session.Cut();
                return null;
            case "hold":
                _free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return null;
            case "release":
                _free.TrySetResult();
                return null;
            case "state":
                lock (_lock)
                    return new JsonObject { ["state"] = new JsonArray([.. _state.Select(static text => (JsonNode)text)]) };
            case "raw":
                Client.Main.Session.WriteRaw(Convert.FromHexString((string)line["hex"]!));
                return null;
            case "bench":
                _quiet = true;
                return await Bench.RunAsync(Group, (int)line["messages"]!, (int)line["size"]!, (int)line["inFlight"]!, (DeliveryOrder)((int?)line["order"] ?? 3));
            default:
                throw new InvalidOperationException($"unknown command {what}");
        }
    }

    private GroupCommClient Client => _client ?? throw new InvalidOperationException("connect first");

    private ClientGroup Group => _group ?? throw new InvalidOperationException("join first");

    private async Task<JsonObject> ConnectAsync(JsonNode line)
    {
        GroupCommClientOptions options = new() { Name = "puppet", Serializer = new PlainTexts() };
        foreach (JsonNode? endpoint in line["at"]!.AsArray())
            options.Endpoints.Add((string)endpoint!);
        options.Window = (int?)line["window"] ?? options.Window;
        options.Grace = (double?)line["grace"] is { } grace ? TimeSpan.FromSeconds(grace) : options.Grace;
        options.Patience = (double?)line["patience"] is { } patience ? TimeSpan.FromSeconds(patience) : options.Patience;
        options.Receipts = (ReceiptStages?)(int?)line["tell"] ?? options.Receipts;
        _client = await GroupCommClient.ConnectAsync(options);
        _ = TellEndAsync(_client);
        return new JsonObject { ["node"] = _client.Node.ToString() };
    }

    private async Task TellEndAsync(GroupCommClient client) => Tell("closed", new JsonObject { ["code"] = (await client.Main.Closed).Code });

    private async Task<JsonObject> JoinAsync(JsonNode line)
    {
        ClientGroup group = _group = (ClientGroup)await Client.JoinAsync((string)line["group"]!, g =>
        {
            g.Options.MemberName = (string?)line["member"];
            if ((int?)line["options"]?["slowConsumerTimeout"] is { } slow)
                g.Options.SlowConsumerTimeout = TimeSpan.FromMilliseconds(slow);
            g.Options.Open = (bool?)line["options"]?["open"] ?? true;
            g.Options.AgreedOnly = (bool?)line["options"]?["agreedOnly"] ?? false;
            g.RegisterBytes(HandleAsync).Register<Typed>(async (message, context, _) =>
            {
                await _free.Task;
                _typed[context.Id] = message;
            });
            g.RegisterQuery<Echo, string>((query, context, _) =>
                query.Text == "fail" ? throw new InvalidOperationException("told to fail") : ValueTask.FromResult($"{context.Group.Self.Name}:{query.Text}"));
            g.OnReset(_ =>
            {
                lock (_lock)
                    _state.Clear();
                return ValueTask.CompletedTask;
            });
            if ((bool?)line["state"] == true)
                g.RegisterState(CaptureAsync, RestoreAsync);
            g.UseEvents();
        });
        _ = ReadAsync(group);
        return new JsonObject { ["self"] = group.Self.ToString() };
    }

    private async ValueTask HandleAsync(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        await _free.Task;
        if (payload.Length > LongestText || _quiet)
            return;
        string text = Encoding.UTF8.GetString(payload);
        if (context.Position > 0)
            lock (_lock)
                _state.Add(text);
        if (text.StartsWith("answer me:", StringComparison.Ordinal))
            await context.SendBytesAsync(Encoding.UTF8.GetBytes($"answered:{text[10..]}"), DeliveryOrder.Agreed, ct);
    }

    private async Task CaptureAsync(Stream output, CancellationToken ct)
    {
        byte[] state;
        lock (_lock)
            state = Encoding.UTF8.GetBytes(string.Join('\n', _state));
        await output.WriteAsync(state, ct);
    }

    private async Task RestoreAsync(Stream input, CancellationToken ct)
    {
        using MemoryStream state = new();
        await input.CopyToAsync(state, ct);
        lock (_lock)
        {
            _state.Clear();
            if (state.Length > 0)
                _state.AddRange(Encoding.UTF8.GetString(state.ToArray()).Split('\n'));
        }
        Tell("restored", new JsonObject { ["size"] = state.Length });
    }

    private async Task ReadAsync(ClientGroup group)
    {
        string? view = null;
        await foreach (GroupEvent happened in group.ReadEventsAsync())
        {
            switch (happened)
            {
                case ViewInstalled { View: { } installed }:
                    view = installed.Id.ToString();
                    Tell("view", new JsonObject
                    {
                        ["id"] = view,
                        ["self"] = group.Self.ToString(),
                        ["members"] = Names(installed.Members),
                        ["joined"] = Names(installed.Joined),
                        ["left"] = Names(installed.Left),
                        ["token"] = installed.Token.ToString(),
                    });
                    break;
                case MessageDelivered message:
                    if (!_quiet)
                        Tell("message", Show(message, view));
                    break;
                case PrimaryLost { Reason: var reason }:
                    Signal("primary-lost", reason);
                    break;
                case Excluded { Reason: var reason }:
                    Signal("excluded", reason);
                    break;
                default:
                    Signal(happened switch { PrimaryRegained => "primary-regained", GroupLost => "group-lost", Reset => "reset", Left => "left", _ => "transitional" }, "");
                    break;
            }
        }
    }

    private JsonObject Show(MessageDelivered message, string? view)
    {
        JsonObject fields = new()
        {
            ["id"] = message.Id.ToString(),
            ["from"] = message.Sender?.ToString(),
            ["order"] = (int)message.Order,
            ["position"] = message.Position,
            ["type"] = message.TypeId,
            ["view"] = view,
            ["size"] = message.Payload.Length,
        };
        if (_typed.TryRemove(message.Id, out Typed? typed))
            fields["typed"] = typed.Show();
        else if (message.Payload.Length <= LongestText)
            fields["text"] = Encoding.UTF8.GetString(message.Payload.Span);
        return fields;
    }

    private async Task<JsonObject> SendAsync(JsonNode line)
    {
        DeliveryOrder order = (DeliveryOrder)((int?)line["order"] ?? 3);
        (string? type, string? group) = ((string?)line["type"], (string?)line["group"]);
        byte[] bytes = (string?)line["text"] is { } text ? Encoding.UTF8.GetBytes(text) : new byte[(int?)line["size"] ?? 0];
        if (line["text"] is null)
            Array.Fill(bytes, (byte)'x');
        SendReceipt receipt = line["typed"] is { } typed ? await Group.SendAsync(Typed.Of(typed), order)
            : group is not null ? await Client.SendAsync(group, type, bytes, order, default)
            : await Group.SendBytesAsync(bytes, type, order, inHandler: false, default);
        switch ((string?)line["until"])
        {
            case "accepted":
                break;
            case "safe":
                await receipt.Safe;
                break;
            default:
                await receipt.Delivered;
                break;
        }
        return new JsonObject { ["id"] = receipt.Id.ToString() };
    }

    private async Task<JsonObject> QueryAsync(JsonNode line)
    {
        QueryTarget target = ((int?)line["target"] ?? 0) switch { 0 => QueryTarget.All, -1 => QueryTarget.Majority, int count => QueryTarget.First(count) };
        (string type, string text) = ((string)line["type"]!, (string)line["text"]!);
        JsonArray answers = [];
        // What is no type of .NET is asked in bytes.
        IAsyncEnumerable<Reply<string>> replies = type == "echo"
            ? Group.QueryAsync<Echo, string>(new Echo(text), target)
            : Group.ReadAnswersAsync<string>(Group.QueryBytesAsync(type, Encoding.UTF8.GetBytes(text), DeliveryOrder.Agreed, target, default));
        await foreach (Reply<string> reply in replies)
            answers.Add(new JsonObject { ["member"] = reply.Member.ToString(), ["text"] = reply.Value, ["error"] = reply.Error, ["departed"] = reply.Departed });
        return new JsonObject { ["answers"] = answers };
    }

    private void Signal(string signal, string reason) => Tell("signal", new JsonObject { ["name"] = signal, ["reason"] = reason });

    private void Tell(string what, JsonObject fields)
    {
        (fields["as"], fields["event"]) = (name, what);
        Lines.Say(fields);
    }

    private static JsonArray Names(IEnumerable<MemberId> members) => new([.. members.Select(static member => (JsonNode)member.ToString())]);

    private static MemberId Member(string text) => NodeId.TryParse(text.Split('/')[0], out NodeId node)
        ? new MemberId(node, text.Split('/')[1]) : throw new ArgumentException($"'{text}' is no member");

    private static TaskCompletionSource Freed()
    {
        TaskCompletionSource free = new();
        free.SetResult();
        return free;
    }
}
