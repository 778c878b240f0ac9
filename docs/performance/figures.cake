// dotnet cake --target=Figures: measures everything that docs/performance.md shows, and writes its tables, charts and verdicts.
// A step that was measured with the same command is not measured again until artifacts/figures is removed, so a stopped run goes on.
// --quick: very short times, into artifacts/figures-quick; docs/performance.md stays as it is.
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

bool quick = HasArgument("quick");
string figures = quick ? "artifacts/figures-quick" : "artifacts/figures";
string groupcomm = $"src/GroupComm.Daemon/bin/{configuration}/net10.0/groupcomm.dll";
var notInstalled = new List<string>();

// What each step runs: about 15 minutes in all on two quiet cores.
(string Name, string Options, string Peers)[] Steps() => new[]
{
    ("side-by-side", "--seconds 1 --rounds 5", "raw,corosync,jgroups,nats,redis"),
    ("latency", "--latency --size 64 --seconds 1 --rounds 5", "nats,redis,corosync,jgroups"),
    ("hops", "--latency --size 64 --order agreed,safe,causal,fifo --seconds 1 --rounds 5", "none"),
    ("orders", "--size 64,1024,10240 --order agreed,fifo,causal,safe --seconds 1 --rounds 5", "raw"),
    ("nodes", "--size 1024 --nodes 3,2,5,7 --seconds 1 --rounds 5", "raw"),
    ("groups", "--size 1024 --groups 1,10,100 --seconds 1 --rounds 5", "raw"),
    ("keys", "--conflict-keys 64 --seconds 2 --rounds 5", ""),
    ("tls", "--tls --size 1024,10240,1048576 --seconds 1 --rounds 5", "raw"),
    ("views", "--view-change crash,leave,join,pause --rounds 20", ""),
    ("state", "--state-transfer 200000000 --seconds 2 --rounds 7", ""),
    ("idle", "--idle 20 --nodes 2,3,5,7", ""),
    ("empty", "--empty --groups 10000", ""),
};

string Shortened(string options) => !quick ? options : Regex.Replace(Regex.Replace(Regex.Replace(Regex.Replace(options,
    "--seconds [0-9.]+", "--seconds 0.2"), "--rounds [0-9]+", "--rounds 1"), "--idle 20", "--idle 1"), "--groups 10000", "--groups 200").Replace("200000000", "20000000");

string Peers(string wanted)
{
    var kept = wanted.Split(',').Where(peer => peer is "raw" or "none" || StartProcess("bash", $"interop/peers/peer.sh {peer} check") == 0).ToList();
    notInstalled.AddRange(wanted.Split(',').Except(kept).Except(notInstalled));
    return kept.Count > 0 ? string.Join(',', kept) : "none";
}

// Runs one command unless its table is there, and keeps what it printed only when it ended well.
bool Measure(string name, string command, string program, string arguments, Func<string[], IEnumerable<string>> table)
{
    string kept = $"{figures}/{name}.md", first = $"<!-- {command} -->";
    if (System.IO.File.Exists(kept) && System.IO.File.ReadLines(kept).First() == first)
    {
        Information("{0}: measured before", name);
        return true;
    }
    Information("{0}: {1}", name, command);
    var clock = System.Diagnostics.Stopwatch.StartNew();
    int code = StartProcess(program, new ProcessSettings { Arguments = arguments, RedirectStandardOutput = true }, out var printed);
    Information("{0}: {1:0} s", name, clock.Elapsed.TotalSeconds);
    string[] lines = code == 0 ? table(printed.ToArray()).ToArray() : new string[0];
    if (lines.Length == 0)
    {
        Error("{0}: ended with {1} and printed no table to keep; the others go on, the same command measures this one again", name, code);
        System.IO.File.Delete(kept);
        return false;
    }
    System.IO.File.WriteAllLines($"{kept}.part", new[] { first }.Concat(lines));
    System.IO.File.Move($"{kept}.part", kept, overwrite: true);
    return true;
}

// The chart of a report as a file of its own, with the colours that it has there.
void Chart(string name)
{
    string report = System.IO.File.ReadAllText($"{figures}/{name}.html"), style = Regex.Match(report, "<style>.*?</style>", RegexOptions.Singleline).Value;
    if (Regex.Match(report, "<svg .*?</svg>", RegexOptions.Singleline) is { Success: true } svg)
        System.IO.File.WriteAllText($"{(quick ? figures : "docs/performance")}/{name}.svg", Regex.Replace(svg.Value, "^<svg [^>]*>", open => open.Value + style) + "\n");
}

Task("Figures")
    .Description("Measures every table and chart of docs/performance.md and judges its goals, about 15 minutes; goes on where it stopped. --quick: seconds, and only to try it.")
    .Does(() =>
    {
        DotNet($"build {daemon} -c {configuration} --nologo -v quiet");
        EnsureDirectoryExists(figures);
        var failed = new List<string>();
        var text = new Dictionary<string, string>();
        foreach (var (name, options, peers) in Steps())
        {
            string line = $"bench {Shortened(options)}{(peers == "" ? "" : $" --against {Peers(peers)}")}";
            if (!Measure(name, $"groupcomm {line}", "dotnet", $"{groupcomm} {line} --markdown --html {figures}/{name}.html", printed => printed.Where(each => !each.StartsWith("report: "))))
            {
                failed.Add(name);
                continue;
            }
            text[name] = string.Join("\n", System.IO.File.ReadLines($"{figures}/{name}.md").Skip(1)).Trim();
            Chart(name);
            if (System.IO.File.Exists($"{(quick ? figures : "docs/performance")}/{name}.svg"))
                text[name] += $"\n\n![{name}](performance/{name}.svg)";
        }
        System.Environment.SetEnvironmentVariable("GROUPCOMM_BENCHMARKS", "1");
        DotNet($"build tests/GroupComm.Benchmarks.Tests -c {configuration} --nologo -v quiet");
        string parts = $"tests/GroupComm.Benchmarks.Tests/bin/{configuration}/net10.0/GroupComm.Benchmarks.Tests.dll -method *{(quick ? "A_turn_delivers_all_that_was_submitted" : "All_are_measured")} -showliveoutput";
        if (Measure("parts", "dotnet cake --target=Benchmarks", "dotnet", parts, Tables))
            text["parts"] = string.Join("\n", System.IO.File.ReadLines($"{figures}/parts.md").Skip(1)).Trim();
        else
            failed.Add("parts");
        text["goals"] = Goals();
        string page = System.IO.File.ReadAllText("docs/performance.md");
        foreach (var (name, table) in text)
        {
            string begin = $"<!-- figures: {name} -->", end = "<!-- end -->";
            int from = page.IndexOf(begin), to = from < 0 ? -1 : page.IndexOf(end, from);
            if (to < 0)
                throw new CakeException(1, $"docs/performance.md has no place for {name}: it needs a line {begin} and, below it, {end}");
            page = page[..(from + begin.Length)] + "\n" + table + "\n" + page[to..];
        }
        System.IO.File.WriteAllText(quick ? $"{figures}/performance.md" : "docs/performance.md", page);
        Information("{0}", text["goals"]);
        if (notInstalled.Count > 0)
            Warning("not measured, for they are not installed (interop/peers/install.sh): {0}", string.Join(", ", notInstalled));
        if (failed.Count > 0)
            throw new CakeException(1, $"failed: {string.Join(", ", failed)}; the same command measures what is missing");
    });

// The tables of BenchmarkDotNet, each once.
IEnumerable<string> Tables(string[] printed)
{
    var seen = new HashSet<string>();
    bool inside = false;
    foreach (string each in printed.Select(each => each.Trim()))
    {
        bool row = each.StartsWith('|');
        if (row && !inside && seen.Count > 0)
            yield return "";
        inside = row;
        if (row && (each.StartsWith("|-") || each.StartsWith("| Method") || seen.Add(each)))
            yield return each;
    }
    if (quick)
        yield return "Not measured: --quick.";
}
