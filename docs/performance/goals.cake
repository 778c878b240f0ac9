// The goals of docs/performance.md, judged by what the steps of figures.cake measured. What is missing is said to be missing.
#nullable enable
List<JsonElement> Results(string step)
{
    string path = $"{figures}/{step}.html", table = $"{figures}/{step}.md";
    if (!System.IO.File.Exists(path) || !System.IO.File.Exists(table))
        return new List<JsonElement>();
    var data = Regex.Match(System.IO.File.ReadAllText(path), "id='results'>(.*?)</", RegexOptions.Singleline);
    return data.Success ? JsonDocument.Parse(System.Net.WebUtility.HtmlDecode(data.Groups[1].Value)).RootElement.GetProperty("results").EnumerateArray().ToList() : new List<JsonElement>();
}

string Said(JsonElement each, string name) => each.TryGetProperty(name, out var value) ? value.ToString() : "";

double? Value(JsonElement? each, params string[] path)
{
    JsonElement? at = each;
    foreach (string name in path)
        at = at is { } inside && inside.TryGetProperty(name, out var next) ? next : null;
    return at?.GetDouble();
}

JsonElement? One(string step, Func<JsonElement, bool> which) => Results(step).Where(which).Select(each => (JsonElement?)each).FirstOrDefault();

JsonElement? Ours(string step, int size, string variant = "") => One(step, each => Said(each, "system") == "groupcomm" && each.GetProperty("size").GetInt32() == size && Said(each, "variant") == variant);

double? Peer(int size, params string[] systems) => Results("side-by-side")
    .Where(each => systems.Contains(Said(each, "system")) && each.GetProperty("size").GetInt32() == size).Select(each => Value(each, "groupcommRatio")).Min();

double? Change(string change, string what, string percentile) => Value(One("views", each => Said(each, "aspect") == change), what, percentile);

double? Hop(string step, string from, string order, string percentile) =>
    Value(One(step, each => Said(each, "system") == "groupcomm" && Said(each, "aspect") == from && Said(each, "order") == order), "latency", percentile);

(string Goal, bool AtLeast, (double? Measured, double Limit)[] Judged, string Unit, string Holds)[] AllGoals()
{
    double? trip = Value(Results("latency").Cast<JsonElement?>().FirstOrDefault(), "roundTrip", "p50"), hop = Hop("latency", "from another node", "agreed", "p50"),
        best = Results("latency").Where(each => Said(each, "system") != "groupcomm").Select(each => Value(each, "latency", "p50")).Min(), oneTrip = Value(One("hops", each => Said(each, "order") == "fifo"), "roundTrip", "p50");
    var beside = One("state", each => Said(each, "variant").StartsWith("state transfer while"));
    return new (string, bool, (double?, double)[], string, string)[]
    {
        ("agreed, of raw, at 64 B, 1 KiB, 10 KiB, 1 MiB", true, new[] { (64, 0.4), (1024, 0.4), (10240, 0.45), (1 << 20, 0.5) }.Select(each => (Value(Ours("side-by-side", each.Item1), "ratioToRaw"), each.Item2)).ToArray(), "",
            "raw keeps nothing and has no order; where the time goes: [0060](decisions/0060-where-the-time-goes.md)"),
        ("times the best peer with total order and membership (corosync, jgroups), same sizes", true, new[] { (64, 20.0), (1024, 8), (10240, 2.5), (1 << 20, 2.5) }.Select(each => (Peer(each.Item1, "corosync", "jgroups"), each.Item2)).ToArray(), "",
            "the same as above"),
        ("times NATS core, same sizes", true, new[] { (64, 2.5), (1024, 2.5), (10240, 2), (1 << 20, 2) }.Select(each => (Peer(each.Item1, "nats"), each.Item2)).ToArray(), "",
            "a broker keeps nothing for others and is one process; three nodes on one machine share its cores"),
        ("safe, of agreed, at 1 KiB", true, new[] { (Value(Ours("orders", 1024, "safe"), "ratioToFirst"), 0.85) }, "", "a safe message needs acknowledgements at once ([0012](decisions/0012-acknowledge-late-or-on-request.md))"),
        ("TLS 1.3, of plain, at 10 KiB", true, new[] { (Value(Ours("tls", 10240, "TLS"), "ratioToFirst"), 0.6) }, "", "each peer's copy is encrypted by itself, record by record of 16 KiB"),
        ("agreed, two hops: p50 in round trips", false, new[] { (hop / trip, 2.0) }, "", "three processes wait for two cores"),
        ("agreed, two hops: p99 in p50", false, new[] { (Hop("latency", "from another node", "agreed", "p99") / hop, 3.0) }, "", "the tail is a process that waits for a core"),
        ("agreed, two hops: p50 over that of the fastest peer", false, new[] { (hop / best, 1.0) }, "", "a broker answers in two hops too, without order among nodes"),
        ("fifo and causal at a peer: p50 in round trips", false, new[] { "fifo", "causal" }.Select(each => (Hop("hops", "from a node, at its peers", each, "p50") / oneTrip, 0.8)).ToArray(), "", "the handler wakes on a thread of its own"),
        ("7 nodes: bytes on the wire a second, of 3 nodes", true, new[] { (Value(Ours("nodes", 1024, "7 nodes"), "wireMbPerSecond") / Value(Ours("nodes", 1024, "3 nodes"), "wireMbPerSecond"), 0.9) }, "", "seven processes on the same cores; what raw loses stands in the table"),
        ("100 groups, of one", true, new[] { (Value(Ours("groups", 1024, "100 groups"), "ratioToFirst"), 0.9) }, "", "a message of another group begins a segment"),
        ("an empty group, bytes of heap per node", false, new[] { (Value(Results("empty").Cast<JsonElement?>().FirstOrDefault(), "heapBytesPerGroup"), 2048.0) }, " B", "see the table"),
        ("64 conflict keys, of one handler at a time", true, new[] { (Value(One("keys", each => Said(each, "keys") == "64"), "ratioToFirst"), 1.8) }, "", "the handlers of one node share the cores with the other processes"),
        ("new view after SIGKILL, p50 and p99", false, new[] { (Change("crash", "viewChange", "p50"), 15.0), (Change("crash", "viewChange", "p99"), 50) }, " ms", "see the table"),
        ("leave, p99", false, new[] { (Change("leave", "viewChange", "p99"), 10.0) }, " ms", "see the table"),
        ("join of an empty group, p99", false, new[] { (Change("join", "viewChange", "p99"), 20.0) }, " ms", "see the table"),
        ("stall of a steady sender, p99: crash, join", false, new[] { (Change("crash", "stall", "p99"), 60.0), (Change("join", "stall", "p99"), 10) }, " ms", "see the table"),
        ("state transfer while all send, of raw; load kept", true, new[] { (Value(beside, "ratioToRaw"), 0.6), (Value(beside, "loadKept"), 0.5) }, "",
            "the transfer shares the cores with the load that raw has not; alone it has the ratio of the table's first row"),
        ("bytes allocated per message at 64 B", false, new[] { (Value(Ours("side-by-side", 64), "bytesAllocatedPerMessage"), 0.0) }, " B", "a turn allocates, a message does not (AllocationTests); few messages in a turn show it"),
        ("idle node, processor", false, new[] { (Value(One("idle", each => each.GetProperty("nodes").GetInt32() == 3), "idleCpuPercent"), 0.5) }, " %", "timers and heartbeats"),
        ("beside payload on the wire at 1 KiB (headers too)", false, new[] { (100 * Value(Ours("side-by-side", 1024), "wireOverhead"), 2.0) }, " %", "headers of messages, orders, acknowledgements and heartbeats together"),
    };
}

string Goals()
{
    var rows = new List<string> { "| goal | limit | measured | met | where not: what is presumed, unless a decision is named |", "|---|---|---|---|---|" };
    foreach (var (goal, atLeast, judged, unit, holds) in AllGoals())
    {
        bool?[] met = judged.Select(each => each.Measured is not { } value || !double.IsFinite(value) ? (bool?)null : atLeast ? value >= each.Limit : value <= each.Limit).ToArray();
        string answer = string.Join(", ", (met.Distinct().Count() == 1 ? met.Take(1) : met).Select(each => each switch { true => "yes", false => "**no**", _ => "not measured" }));
        rows.Add($"| {goal} | {(atLeast ? "≥" : "≤")} {List(judged.Select(each => (double?)each.Limit))}{unit} | {List(judged.Select(each => each.Measured))}{unit} | {answer} | {(met.Contains(false) ? holds : "")} |");
    }
    return string.Join("\n", rows);
}

string List(IEnumerable<double?> values) => string.Join(", ", values.Select(each => each is { } value && double.IsFinite(value) ? value.ToString("0.##", CultureInfo.InvariantCulture) : "–"));
