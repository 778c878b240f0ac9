using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Nodes;
using GroupComm.Daemon.Bench.Peers;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Crew;

/// <summary>The nodes of one system under measurement.</summary>
internal sealed class BenchCrew : IDisposable
{
    private readonly List<CrewMember> _members = [];
    private readonly BenchPlan _plan;
    private readonly string _cluster = $"bench-{Guid.NewGuid():N}";
    private readonly BenchCertificates? _certificates;
    private readonly CancellationToken _ct;
    private PeerServer? _server;

    private BenchCrew(string system, BenchPlan plan, CancellationToken ct)
    {
        (System, _plan, _ct) = (system, plan, ct);
        if (plan.Tls && system == BenchSystems.GroupComm)
            _certificates = new BenchCertificates(_cluster, Enumerable.Range(1, plan.Nodes).Select(i => $"n{i}"));
    }

    public string System { get; }

    private bool IsPeer => BenchSystems.Peers.ContainsKey(System);

    public IReadOnlyList<CrewMember> Members => _members;

    /// <summary>Starts the nodes of a system and waits until they have met.</summary>
    public static async Task<BenchCrew> StartAsync(string system, BenchPlan plan, CancellationToken ct)
    {
        BenchCrew crew = new(system, plan, ct);
        try
        {
            if (crew.IsPeer)
                crew._server = await PeerServer.StartAsync(system, plan.Nodes, ct).ConfigureAwait(false);
            for (int i = 1; i <= plan.Nodes; i++)
                crew._members.Add(crew.Start($"n{i}"));
            await crew.MeetAsync().ConfigureAwait(false);
            return crew;
        }
        catch
        {
            crew.Dispose();
            throw;
        }
    }

    /// <summary>One more node of groupcomm, which joins those that are there.</summary>
    public async Task<CrewMember> AddAsync(string name)
    {
        CrewMember member = Start(name);
        _members.Add(member);
        member.Tell("start", string.Join(',', _members.Where(each => each != member).Select(each => each.Address)));
        await member.HearAsync("listening", _ct).ConfigureAwait(false);
        return member;
    }

    public void Remove(CrewMember member)
    {
        _members.Remove(member);
        member.Dispose();
    }

    /// <summary>One burst; every node reports.</summary>
    public async Task<Measured> BurstAsync(int size, TimeSpan time)
    {
        // Everybody counts before anybody sends.
        foreach (CrewMember member in _members)
            member.Tell("count", Text(_plan.Senders.Count));
        foreach (CrewMember member in _members)
            await member.HearAsync("ready", _ct).ConfigureAwait(false);
        long before = _server?.CpuMicros ?? 0;
        foreach (int sender in _plan.Senders)
            _members[sender - 1].Tell("send", Text(size), Text((int)time.TotalMilliseconds));
        IReadOnlyList<string[]> reports = await HearAllAsync("burst").ConfigureAwait(false);
        Measured measured = Measured.Of(reports, _plan.InProcess);
        if (System == BenchSystems.GroupComm)
            measured = measured with { Wire = await AskAsync("wire").Select(each => long.Parse(each[1], CultureInfo.InvariantCulture)).SumAsync(_ct).ConfigureAwait(false) };
        return _server is null ? measured : measured with { CpuMicros = measured.CpuMicros + _server.CpuMicros - before, Rss = Math.Max(measured.Rss, _server.Rss) };
    }

    /// <summary>A report of each node; the first that fails is told, though others would still wait for it.</summary>
    public async Task<IReadOnlyList<string[]>> HearAllAsync(string kind)
    {
        Task<string[]>[] all = [.. _members.Select(member => member.HearAsync(kind, _ct))];
        await foreach (Task<string[]> one in Task.WhenEach(all).ConfigureAwait(false))
            _ = await one.ConfigureAwait(false);
        return await Task.WhenAll(all).ConfigureAwait(false);
    }

    /// <summary>Asks every node, one after the other.</summary>
    public async IAsyncEnumerable<string[]> AskAsync(string what, string argument = "")
    {
        foreach (CrewMember member in _members)
        {
            member.Tell(what, argument);
            yield return await member.HearAsync(what, _ct).ConfigureAwait(false);
        }
    }

    /// <summary>One message in flight from one node; its own times, and those of the others.</summary>
    public async Task<(double[] Own, double[] Others)> LatencyAsync(int size, int count, int sender)
    {
        bool echoes = _plan.Order < DeliveryOrder.Agreed; // else the sender waits for itself, and an answer would only be in its way
        for (int i = 0; i < _members.Count; i++)
        {
            _members[i].Tell("probe", echoes && i == (sender + 1) % _members.Count ? "echo" : "");
            await _members[i].HearAsync("ready", _ct).ConfigureAwait(false);
        }
        _members[sender].Tell("ping", Text(size), Text(count));
        await _members[sender].HearAsync("pinged", _ct).ConfigureAwait(false);
        double[] own = await TimesAsync(_members[sender]).ConfigureAwait(false);
        List<double[]> others = [];
        foreach (CrewMember member in _members.Where((_, i) => i != sender))
            others.Add(await TimesAsync(member).ConfigureAwait(false));
        return (own[..3], [.. Enumerable.Range(3, 3).Select(i => others.Average(each => each[i]))]);
    }

    /// <summary>Index of the member that is the sequencer, and of one that is not.</summary>
    public async Task<(int Sequencer, int Other)> RanksAsync()
    {
        int sequencer = 0, other = 0;
        for (int i = 0; i < _members.Count; i++)
        {
            _members[i].Tell("rank", "");
            string rank = (await _members[i].HearAsync("rank", _ct).ConfigureAwait(false))[1];
            if (rank == "0")
                sequencer = i;
            else
                other = i;
        }
        return (sequencer, other);
    }

    public void Dispose()
    {
        foreach (CrewMember member in _members)
            member.Dispose();
        _server?.Dispose();
        _certificates?.Dispose();
    }

    private async Task<double[]> TimesAsync(CrewMember member)
    {
        member.Tell("times", "");
        return [.. (await member.HearAsync("times", _ct).ConfigureAwait(false)).Skip(1).Select(each => double.Parse(each, CultureInfo.InvariantCulture))];
    }

    private CrewMember Start(string name)
    {
        BenchNodePlan node = new(name, _cluster, _plan.Nodes, _plan.Order, _plan.InFlight, _plan.Groups, _certificates?.Path);
        if (_plan.Mode == BenchMode.ViewChange && _plan.Changes.Contains(ChangeKind.Pause))
            node = node with { Silence = (int)new GroupCommOptions().SuspicionTimeout.TotalSeconds }; // here it is what is measured
        return System switch
        {
            BenchSystems.GroupComm when _plan.InProcess => CrewMember.Inside(name, port => new BenchNode(port, node).RunAsync(BenchChildren.StartAsync)),
            BenchSystems.GroupComm => CrewMember.Process(name, [BenchChildren.NodeName, "--name", name, "--cluster", _cluster, "--expected-nodes", Text(_plan.Nodes), "--order", Orders.Name(_plan.Order),
                "--inflight", Text(_plan.InFlight), "--groups", Text(_plan.Groups), "--silence", Text(node.Silence), .. _certificates is null ? (string[])[] : ["--certificates", _certificates.Path]]),
            BenchSystems.Raw when _plan.InProcess => CrewMember.Inside(name, port => new RawNode(port, _plan.Nodes).RunAsync()),
            BenchSystems.Raw => CrewMember.Process(name, BenchChildren.RawName, "--nodes", Text(_plan.Nodes)),
            _ when IsPeer => CrewMember.Process(name, PeerScript.Node(System, _members.Count + 1, _plan.Nodes, _server!.Address)),
            BenchSystems.Ping => CrewMember.Process(name, BenchChildren.PingName),
            _ => throw new UsageException($"--against '{System}' is unknown: use {string.Join(", ", BenchSystems.Names)}"),
        };
    }

    /// <summary>One after the other: each is told the addresses of those before it.</summary>
    private async Task MeetAsync()
    {
        for (int i = 0; i < _members.Count && !IsPeer; i++)
        {
            bool all = System != BenchSystems.GroupComm;
            _members[i].Tell("start", string.Join(',', _members.Take(all ? i : Math.Min(i, 1)).Select(each => each.Address)));
            await _members[i].HearAsync("listening", _ct).ConfigureAwait(false);
        }
        foreach (CrewMember member in _members)
            await member.HearAsync("joined", _ct).ConfigureAwait(false);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
