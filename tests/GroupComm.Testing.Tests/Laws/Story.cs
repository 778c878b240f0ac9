using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Testing.Tests.Laws;

/// <summary>
/// Tells a history in a few words. Process <c>n1</c> is incarnation 1 of that name; it has one member <c>m</c> in each of its groups.
/// What a story does not say is filled in as the protocol would: transitional set, current views, numbers, hashes, tokens.
/// </summary>
internal sealed class Story
{
    private sealed class Node
    {
        public long View, Before;
        public readonly Dictionary<string, (long View, int Number)> GroupViews = [];
        public int Position;
    }

    private sealed record Sent(string Group, DeliveryOrder Order, long View, long GroupClusterView, int GroupNumber, ulong Hash, long Number);

    private readonly Dictionary<string, Node> _nodes = [];
    private readonly Dictionary<(string From, int Sequence), Sent> _sent = [];
    private long _number;
    private long _t;

    public History History { get; } = new();

    public StablePeriod? Stable { get; set; }

    /// <summary>Three nodes in view 1, all in group g.</summary>
    public static Story OfThree() => new Story().View(1, "n1 n2 n3").Group("g", "1.1", "n1 n2 n3");

    public ProcessTrace Trace(string node) => History.Process(new NodeId(node, 1));

    public int Member(string node, string group) => History.Member(Trace(node).Index, History.Group(group), "m");

    public long Now => ++_t;

    public Story At(long t)
    {
        _t = t;
        return this;
    }

    public Story View(long number, string members, string? at = null, string? transitional = null, bool primary = true, long epoch = 0, string left = "")
    {
        LeftNode[] gone = [.. Split(left).Select(n => new LeftNode(Trace(n.Split('=')[0]).Index, n.Split('=')[1]))];
        string[] who = Split(at ?? members);
        var before = Split(members).ToDictionary(n => n, n => Known(n).View == number ? Known(n).Before : Known(n).View);
        foreach (string n in who)
        {
            Node node = Known(n);
            node.Before = node.View;
            node.View = number;
            string[] together = transitional is null ? [.. Split(members).Where(o => before[o] == node.Before && node.Before != 0)] : Split(transitional);
            Trace(n).View(number, primary, Ids(Split(members)), Ids(together), gone, Now, epoch);
        }
        return this;
    }

    public Story Group(string group, string id, string members, string? at = null, long? token = null)
    {
        long view = long.Parse(id.Split('.')[0]);
        int number = int.Parse(id.Split('.')[1]);
        foreach (string n in Split(at ?? members))
        {
            Node node = Known(n);
            node.GroupViews[group] = (view, number);
            node.Position = 0;
            Trace(n).GroupView(History.Group(group), node.View, new GroupViewId(view, number), [.. Split(members).Select(m => Member(m, group))], "join",
                FencingToken.Create(1, view, token ?? number), Now);
        }
        return this;
    }

    public Story AgreedOnly(string group)
    {
        History.SetAgreedOnly(History.Group(group));
        return this;
    }

    public Story Send(string from, int sequence, DeliveryOrder order, string group = "g", bool open = false, long? view = null, string? key = null)
    {
        Node node = Known(from);
        (long gView, int gNumber) = node.GroupViews.TryGetValue(group, out var g) ? g : (0, 0);
        var sent = new Sent(group, order, view ?? node.View, gView, gNumber, (ulong)((sequence * 1000) + from[^1]), order >= DeliveryOrder.Agreed ? ++_number : -1);
        _sent[(from, sequence)] = sent;
        Trace(from).Send(History.Group(group), open ? -1 : Member(from, group), sent.View, sequence, order, gView, gNumber, sent.Hash, Now, key is null ? 0 : History.Key(key));
        return this;
    }

    /// <summary>Handlers of messages such as <c>"n1:1 n2:1"</c> begin or end at the node.</summary>
    public Story Handle(string at, string messages, string what, string group = "g")
    {
        foreach (string message in Split(messages))
        {
            string from = message.Split(':')[0];
            int sequence = int.Parse(message.Split(':')[1]);
            Trace(at).Handle(what == "begin", History.Group(group), Member(at, group), Trace(from).Index, _sent[(from, sequence)].View, sequence, Now);
        }
        return this;
    }

    public Story HandleView(string at, string id, string what, string group = "g")
    {
        Trace(at).HandleView(what == "begin", History.Group(group), Member(at, group), new GroupViewId(long.Parse(id.Split('.')[0]), long.Parse(id.Split('.')[1])), Now);
        return this;
    }

    /// <summary>Delivers messages such as <c>"n1:1 n2:1"</c> at each of the nodes.</summary>
    public Story Deliver(string at, string messages, ulong? hash = null, long? view = null)
    {
        foreach (string n in Split(at))
            foreach (string message in Split(messages))
            {
                string from = message.Split(':')[0];
                int sequence = int.Parse(message.Split(':')[1]);
                Sent s = _sent.TryGetValue((from, sequence), out Sent? known) ? known : new Sent("g", DeliveryOrder.Fifo, 1, 1, 1, 7, -1);
                Node node = Known(n);
                (long gView, int gNumber) = node.GroupViews.TryGetValue(s.Group, out var g) ? g : (s.GroupClusterView, s.GroupNumber);
                Trace(n).Deliver(History.Group(s.Group), Member(n, s.Group), Trace(from).Index, s.View, sequence, s.Order, gView, gNumber,
                    ++node.Position, s.Number, hash ?? s.Hash, Now, view ?? node.View);
            }
        return this;
    }

    public Story Ack(string at, int sequence, TraceStage stage, long? view = null)
    {
        Trace(at).Ack(Trace(at).Index, view ?? _sent[(at, sequence)].View, sequence, stage, Now);
        return this;
    }

    /// <summary>The state at the node's current view of g; <paramref name="other"/> is the other end of a transfer.</summary>
    public Story State(string at, ulong digest, StateRole role, string? other = null)
    {
        (long view, int number) = Known(at).GroupViews["g"];
        Trace(at).State(History.Group("g"), new GroupViewId(view, number), digest, role, other is null ? -1 : Trace(other).Index, Now);
        return this;
    }

    public Story Do(string at, Action<ProcessTrace, long> record)
    {
        foreach (string n in Split(at))
            record(Trace(n), Now);
        return this;
    }

    public Story With(Action<Story> change)
    {
        change(this);
        return this;
    }

    /// <summary>The run ended quiet with these nodes in the final view, nothing retained, everyone able to send.</summary>
    public Story Quiet(string nodes, Action<StablePeriod>? with = null)
    {
        Stable = new StablePeriod { HealTime = 10_000, LastChange = 10_000, EndTime = 20_000, DetectionBound = 100, RoundTrip = 10 };
        foreach (string n in Split(nodes))
        {
            int p = Trace(n).Index;
            Stable.Live.Add(p);
            Stable.Expected.Add(p);
            Stable.Ends.Add(new ProcessEnd { Process = p, View = Known(n).View, Primary = true, CanSend = true });
        }
        with?.Invoke(Stable);
        return this;
    }

    /// <summary>The history breaks this law and no other.</summary>
    public Violation Breaks(string law)
    {
        Verdict verdict = new LawChecker().Check(History, Stable);
        string all = string.Join("\n", verdict.Violations.Select(v => v.Law + " " + v.Text));
        Assert.True(verdict.Count(law) > 0, $"{law} was not caught; found:\n{all}");
        Assert.True(verdict.Count(law) == verdict.Total, $"more than {law} was reported:\n{all}");
        Assert.StartsWith(law + ": ", verdict.Explain(History), StringComparison.Ordinal);
        Violation first = verdict.Violations[0];
        // When handlers begin and end only the simulator sees; no file tells.
        if (law.StartsWith("VS", StringComparison.Ordinal) && law != "VS-24" && Stable is null)
            IsExplainedByFileAndLine(law);
        return first;
    }

    /// <summary>From files, as <c>groupcomm check</c> reads them: each event that shows the breach is named by its place.</summary>
    private void IsExplainedByFileAndLine(string law)
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("story").FullName;
        try
        {
            var read = new History();
            var reader = new TraceReader(read);
            foreach (ProcessTrace p in History.Processes.Where(static p => p.Count > 0))
            {
                string file = System.IO.Path.Combine(folder, p.Id.Name + ".jsonl");
                System.IO.File.WriteAllBytes(file, Files.TraceDump.Write(History, p));
                reader.Read(file);
            }
            Verdict verdict = new LawChecker().Check(read);
            Assert.True(verdict.Count(law) > 0, $"{law} is not caught from files");
            string text = verdict.Explain(read)!;
            Assert.Contains("the law: ", text, StringComparison.Ordinal);
            Assert.NotEmpty(verdict.Violations[0].Events);
            foreach (EventRef e in verdict.Violations[0].Events)
            {
                ProcessTrace p = read.Processes[e.Process];
                Assert.Contains($"{p.Id.Name}.jsonl:{e.Event + 1}: ", text, StringComparison.Ordinal);
            }
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    public Story Holds()
    {
        Verdict verdict = new LawChecker().Check(History, Stable);
        Assert.True(verdict.Ok, string.Join("\n", verdict.Violations.Select(v => v.Law + " " + v.Text)));
        return this;
    }

    private Node Known(string name)
    {
        if (!_nodes.TryGetValue(name, out Node? node))
            _nodes.Add(name, node = new Node());
        return node;
    }

    private int[] Ids(string[] names) => [.. names.Select(n => Trace(n).Index)];

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
