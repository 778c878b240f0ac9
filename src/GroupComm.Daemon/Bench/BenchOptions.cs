using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench;

/// <summary>The options of <c>bench</c>, and from them a plan; what makes no sense together is refused before anything starts.</summary>
internal sealed class BenchOptions
{
    private const string AllSizes = "64,1024,10240,1048576", LoadSize = "1024", KeyedSize = "64";

    private readonly Option<string> _nodes = new("--nodes") { Description = "Nodes, 2 to 9; a list is measured in turns.", HelpName = "LIST", DefaultValueFactory = _ => "3" };
    private readonly Option<string> _senders = new("--senders") { Description = "all, a number, or a list such as 1,3.", HelpName = "all|N|LIST", DefaultValueFactory = _ => "all" };
    private readonly Option<string?> _size = new("--size") { Description = $"Payload bytes, a list. Default {AllSizes}; beside a state transfer {LoadSize}.", HelpName = "LIST" };
    private readonly Option<string> _order = new("--order") { Description = "fifo, causal, agreed or safe; a list is measured in turns.", HelpName = "LIST", DefaultValueFactory = _ => "agreed" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Of each burst, 0.1 to 600.", HelpName = "S", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _rounds = new("--rounds") { Description = "Turns of each system, 1 to 1000; medians are printed.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<int> _inFlight = new("--inflight") { Description = "Own messages that a sender lets be under way; 0: what the window allows.", HelpName = "N" };
    private readonly Option<string> _groups = new("--groups") { Description = "Groups over which the messages are spread, 1 to 10000; a list is measured in turns.", HelpName = "LIST", DefaultValueFactory = _ => "1" };
    private readonly Option<bool> _tls = new("--tls") { Description = "Mutual TLS between the nodes, in turns with plain links; the certificates are made for the run." };
    private readonly Option<bool> _latency = new("--latency") { Description = "One message in flight, from the sequencer and from another node; fifo and causal: one hop." };
    private readonly Option<string?> _change = new("--view-change") { Description = "crash, leave, join, pause, a list: time to the new view, and the stall that a steady sender sees.", HelpName = "LIST" };
    private readonly Option<long> _state = new("--state-transfer") { Description = "Bytes of state that a joiner gets, 1 to 10000000000: MB/s beside plain TCP, alone and while all nodes send.", HelpName = "BYTES" };
    private readonly Option<int> _keys = new("--conflict-keys") { Description = "Handlers that work for 100 µs, with so many conflict keys, 2 to 100000, in turns with none.", HelpName = "N" };
    private readonly Option<double> _idle = new("--idle") { Description = "Processor time and bytes on the wire of nodes that do nothing for so many seconds, 1 to 600.", HelpName = "S" };
    private readonly Option<bool> _empty = new("--empty") { Description = "Memory that each of the --groups takes at each node when nothing is sent." };
    private readonly Option<string> _against = new("--against") { Description = $"Measured in turns beside it: {string.Join(", ", BenchSystems.Names)}, or none.", HelpName = "LIST", DefaultValueFactory = _ => "raw" };
    private readonly Option<bool> _inside = new("--in-process") { Description = "All nodes in one process, over loopback TCP." };
    private readonly Option<string?> _html = new("--html") { Description = "Also writes a report with charts.", HelpName = "FILE" };
    private readonly Option<bool> _markdown = new("--markdown") { Description = "The table as Markdown, for documents." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object for scripts." };

    public IEnumerable<Option> All =>
        [_nodes, _senders, _size, _order, _seconds, _rounds, _inFlight, _groups, _tls, _latency, _change, _state, _keys, _idle, _empty, _against, _inside, _html, _markdown, _json];

    /// <exception cref="UsageException">One line that says what to do.</exception>
    public BenchPlan Read(ParseResult parsed)
    {
        BenchMode mode = Mode(parsed);
        int[] nodes = Numbers("--nodes", parsed.GetRequiredValue(_nodes), 2, 9), groups = Numbers("--groups", parsed.GetRequiredValue(_groups), 1, 10_000);
        DeliveryOrder[] orders = [.. Parts(parsed.GetRequiredValue(_order)).Select(Orders.Parse)];
        string senders = parsed.GetRequiredValue(_senders);
        BenchPlan plan = new()
        {
            Mode = mode,
            Changes = [.. Parts(parsed.GetValue(_change) ?? "crash").Select(Kind)],
            Nodes = nodes[0],
            Senders = Senders(senders, nodes[0]),
            Sizes = Numbers("--size", parsed.GetValue(_size) ?? (mode switch { BenchMode.StateTransfer => LoadSize, BenchMode.ConflictKeys => KeyedSize, _ => AllSizes }), 8, 64 << 20),
            Order = orders[0],
            Time = Seconds("--seconds", parsed.GetValue(_seconds), 0.1),
            Rounds = InRange("--rounds", parsed.GetValue(_rounds), 1, 1000),
            InFlight = InRange("--inflight", parsed.GetValue(_inFlight), 0, 1_000_000),
            Groups = groups[0],
            Keys = parsed.GetValue(_keys),
            IdleTime = mode == BenchMode.Idle ? Seconds("--idle", parsed.GetValue(_idle), 1) : default,
            Systems = [BenchSystems.GroupComm, .. Against(parsed.GetRequiredValue(_against))],
            StateSize = parsed.GetValue(_state),
            InProcess = parsed.GetValue(_inside),
            Html = parsed.GetValue(_html),
            Markdown = parsed.GetValue(_markdown),
            Json = parsed.GetValue(_json),
        };
        Check(parsed, plan, nodes.Length, orders.Length, groups.Length);
        return plan with { Variants = Variants(plan, nodes, orders, groups, senders, parsed.GetValue(_tls)) };
    }

    private BenchMode Mode(ParseResult parsed)
    {
        (string Option, bool Given, BenchMode Mode)[] modes =
        [
            ("--latency", parsed.GetValue(_latency), BenchMode.Latency),
            ("--view-change", parsed.GetValue(_change) is not null, BenchMode.ViewChange),
            ("--state-transfer", parsed.GetResult(_state) is { Implicit: false }, BenchMode.StateTransfer),
            ("--conflict-keys", parsed.GetResult(_keys) is { Implicit: false }, BenchMode.ConflictKeys),
            ("--idle", parsed.GetResult(_idle) is { Implicit: false }, BenchMode.Idle),
            ("--empty", parsed.GetValue(_empty), BenchMode.Empty),
        ];
        (string Option, bool Given, BenchMode Mode)[] given = [.. modes.Where(each => each.Given)];
        if (given.Length > 1)
            throw new UsageException($"{given[0].Option} and {given[1].Option} contradict each other: give one of them");
        return given.Length == 1 ? given[0].Mode : BenchMode.Throughput;
    }

    private void Check(ParseResult parsed, BenchPlan plan, int nodes, int orders, int groups)
    {
        bool tls = parsed.GetValue(_tls);
        string own = Name(plan.Mode);
        if (plan is { Mode: BenchMode.StateTransfer, StateSize: < 1 or > 10_000_000_000 })
            throw new UsageException($"--state-transfer {plan.StateSize} is out of range: 1 to 10000000000");
        if (plan.Mode == BenchMode.ConflictKeys)
            InRange("--conflict-keys", plan.Keys, 2, 100_000);
        if (plan is { Mode: BenchMode.Empty, Groups: < 100 })
            throw new UsageException("--empty needs --groups N, at least 100, or what one group takes drowns in the rest");
        if (plan is { InProcess: true, Mode: BenchMode.ViewChange or BenchMode.Idle or BenchMode.Empty })
            throw new UsageException($"--in-process and {own} contradict each other: it needs a process per node");
        (string Option, bool Several)[] lists = [("--nodes", nodes > 1), ("--order", orders > 1), ("--groups", groups > 1), ("--tls", tls)];
        string[] varied = [.. lists.Where(each => each.Several).Select(each => each.Option)];
        if (varied.Length > 1)
            throw new UsageException($"{varied[0]} and {varied[1]} both ask for turns of different nodes: vary one at a time");
        string[] allowed = plan.Mode switch
        {
            BenchMode.Throughput or BenchMode.Latency => ["--nodes", "--order", "--groups", "--tls"],
            BenchMode.Idle => ["--nodes"],
            _ => [],
        };
        if (varied.FirstOrDefault(each => !allowed.Contains(each)) is { } wrong)
            throw new UsageException(wrong == "--tls" ? $"--tls goes with throughput and --latency, not with {own}" : $"{wrong} takes one value with {own}");
        if (plan.Groups > 1 && plan.Mode is not (BenchMode.Throughput or BenchMode.Empty))
            throw new UsageException($"--groups goes with throughput and --empty, not with {own}");
        if (plan.Mode == BenchMode.ConflictKeys && plan.Order < DeliveryOrder.Agreed)
            throw new UsageException("--conflict-keys compares what is ordered: use --order agreed or safe");
        if (plan.Json && plan.Markdown)
            throw new UsageException("--json and --markdown contradict each other: give one of them");
        foreach (string peer in plan.Systems.Where(BenchSystems.Peers.ContainsKey))
        {
            if (plan.Mode is not (BenchMode.Throughput or BenchMode.Latency))
                throw new UsageException($"--against {peer} goes with throughput and --latency, not with {own}");
            if (plan.InProcess)
                throw new UsageException($"--in-process and --against {peer} contradict each other: other systems are processes");
            Peers.PeerScript.Check(peer);
        }
    }

    private static List<BenchVariant> Variants(BenchPlan plan, int[] nodes, DeliveryOrder[] orders, int[] groups, string senders, bool tls)
    {
        if (nodes.Length > 1)
            return [.. nodes.Select(each => new BenchVariant($"{each} nodes", plan with { Nodes = each, Senders = Senders(senders, each) }))];
        if (orders.Length > 1)
            return [.. orders.Select(each => new BenchVariant(Orders.Name(each), plan with { Order = each }))];
        if (groups.Length > 1)
            return [.. groups.Select(each => new BenchVariant(each == 1 ? "1 group" : $"{each} groups", plan with { Groups = each }))];
        return tls ? [new BenchVariant("plain", plan), new BenchVariant("TLS", plan with { Tls = true })] : [new BenchVariant("", plan)];
    }

    /// <summary>The option that asks for it.</summary>
    public static string Name(BenchMode mode) => mode switch
    {
        BenchMode.Latency => "--latency",
        BenchMode.ViewChange => "--view-change",
        BenchMode.StateTransfer => "--state-transfer",
        BenchMode.ConflictKeys => "--conflict-keys",
        BenchMode.Idle => "--idle",
        BenchMode.Empty => "--empty",
        _ => "throughput",
    };

    private static int[] Senders(string text, int nodes)
    {
        if (text == "all")
            return [.. Enumerable.Range(1, nodes)];
        if (!text.Contains(',', StringComparison.Ordinal))
            return [.. Enumerable.Range(1, Number("--senders", text, 1, nodes))];
        return [.. Numbers("--senders", text, 1, nodes).Order()];
    }

    private static IEnumerable<string> Against(string text)
    {
        foreach (string each in Parts(text).Where(each => each != "none"))
            yield return BenchSystems.Names.Contains(each) ? each : throw new UsageException($"--against '{each}' is unknown: use {string.Join(", ", BenchSystems.Names)}, or none");
    }

    private static ChangeKind Kind(string text) => Enum.TryParse(text, ignoreCase: true, out ChangeKind kind) && !char.IsDigit(text[0])
        ? kind
        : throw new UsageException($"--view-change '{text}' is unknown: use crash, leave, join or pause");

    private static TimeSpan Seconds(string option, double value, double low) =>
        value >= low && value <= 600 ? TimeSpan.FromSeconds(value) : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} is out of range: {low} to 600"));

    private static int InRange(string option, int value, int low, int high) =>
        value >= low && value <= high ? value : throw new UsageException($"{option} {value} is out of range: {low} to {high}");

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } parts ? [.. parts.Distinct()] : [text];

    private static int[] Numbers(string option, string text, int low, int high) => [.. Parts(text).Select(each => Number(option, each, low, high))];

    private static int Number(string option, string text, int low, int high) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= low && number <= high
            ? number
            : throw new UsageException($"{option} '{text}' is no number from {low} to {high}");
}
