using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;
using GroupComm.Testcontainers.Engine;
using GroupComm.Testing.Laws;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm;

/// <summary>
/// Nodes n1, n2, … in containers on a network of their own; <see cref="GroupCommClusterBuilder"/> starts them. Notes what is done
/// to them, so that a verdict over their traces can say against what the laws were kept. Not for concurrent calls.
/// </summary>
public sealed partial class GroupCommCluster : IAsyncDisposable
{
    private readonly GroupCommClusterBuilder _plan;
    private readonly INetwork _network;
    private readonly DockerEngine _engine = new();
    private readonly List<GroupCommContainer> _nodes = [];
    private readonly List<GroupCommContainer> _replaced = []; // their traces count
    private readonly List<string> _done = [];
    private readonly List<string> _unasked = [];

    internal GroupCommCluster(GroupCommClusterBuilder plan)
    {
        _plan = plan;
        _network = new NetworkBuilder()
            .WithName($"groupcomm-{Guid.NewGuid():N}")
            .WithLabel(plan.Labels)
            .WithLogger(NullLogger.Instance)
            .Build();
    }

    /// <summary>All nodes, those too that have ended or were not started yet.</summary>
    public IReadOnlyList<GroupCommContainer> Nodes => _nodes;

    /// <summary>The nodes that run and are not paused.</summary>
    public IEnumerable<GroupCommContainer> Running => _nodes.Where(node => node.State == GroupCommContainerState.Runs);

    /// <summary>Who ended without being asked to, as far as was seen when traces were collected, with exit code and reason.</summary>
    public IReadOnlyList<string> EndedByThemselves => _unasked;

    /// <summary>The network, for containers of one's own: a node is reached at its name, port 7400.</summary>
    public INetwork Network => _network;

    /// <summary>The node with that number, counted from 1 as in its name.</summary>
    public GroupCommContainer this[int number] => _nodes[number - 1];

    internal async Task StartAsync(CancellationToken ct)
    {
        await _network.CreateAsync(ct).ConfigureAwait(false);
        for (int number = 1; number <= _plan.Count + _plan.Late; number++)
            _nodes.Add(new GroupCommContainer(_plan, _network, _engine, number));
        await Task.WhenAll(_nodes.Take(_plan.Count).Select(node => node.StartAsync(ct))).ConfigureAwait(false);
        foreach (GroupCommContainer node in Running)
            await node.UntilAsync(async () => (await node.ViewAsync(ct).ConfigureAwait(false)).View > 0 ? "" : null, "installed a view", ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until all nodes that run are together in one view and nobody else is, and, where there is a load, until each has
    /// delivered a message of each in it. The view's number.
    /// </summary>
    /// <param name="flows">Whether messages flow, that is whether there is a load.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<long> SettleAsync(bool flows = true, CancellationToken ct = default)
    {
        GroupCommContainer[] running = [.. Running];
        string[] wanted = [.. running.Select(node => node.Name).Order(StringComparer.Ordinal)];
        string found = await running[0].UntilAsync(async () =>
        {
            string? agreed = null;
            foreach (GroupCommContainer node in running)
            {
                (long view, string members) = await node.ViewAsync(ct).ConfigureAwait(false);
                string line = $"{view}: {members}";
                if (view == 0 || (agreed ??= line) != line || !members.Split(' ').Select(member => member.Split('#')[0]).Order(StringComparer.Ordinal).SequenceEqual(wanted))
                    return null;
            }
            return agreed;
        }, $"come into one view with exactly {string.Join(' ', wanted)}", ct).ConfigureAwait(false);
        long settled = long.Parse(found.Split(':')[0], CultureInfo.InvariantCulture);
        foreach (GroupCommContainer node in flows ? running : [])
            await node.UntilAsync(async () => (await node.HeardAsync(settled, ct).ConfigureAwait(false)).IsSupersetOf(wanted) ? "" : null,
                $"delivered a message of each of {string.Join(' ', wanted)} in view {settled}", ct).ConfigureAwait(false);
        return settled;
    }

    /// <summary>The traces of all nodes that were started, the dead ones' too, and what was done to them, into a folder.
    /// While they are copied the nodes stand still (<see cref="VerdictAsync"/> says why).</summary>
    public async Task CollectTracesAsync(string folder, CancellationToken ct = default)
    {
        GroupCommContainer[] running = [.. Running];
        bool[] stands = await Task.WhenAll(running.Select(node => node.PauseAsync(ct))).ConfigureAwait(false);
        foreach (GroupCommContainer ended in running.Where((_, i) => !stands[i]))
            _unasked.Add(await WhyAsync(ended, ct).ConfigureAwait(false));
        running = [.. running.Where((_, i) => stands[i])];
        try
        {
            await Task.WhenAll(_replaced.Concat(_nodes).Where(node => node.IsMade).Select(node => node.CollectAsync(folder, ct))).ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(running.Select(node => node.ResumeAsync(CancellationToken.None))).ConfigureAwait(false);
        }
        await File.WriteAllLinesAsync(Path.Combine(folder, "harness.jsonl"), _done, ct).ConfigureAwait(false);
    }

    private static async Task<string> WhyAsync(GroupCommContainer ended, CancellationToken ct)
    {
        long code = await ended.EndedAsync(ct).ConfigureAwait(false);
        string[] log = (await ended.ReadLogAsync(ct).ConfigureAwait(false)).TrimEnd().Split('\n');
        string why = log.LastOrDefault(line => line.Contains(" crit: ", StringComparison.Ordinal)) ?? string.Join('\n', log.TakeLast(5));
        return string.Create(CultureInfo.InvariantCulture, $"{ended.Name} ended by itself with exit code {code}; its log: {why[..Math.Min(why.Length, 1000)]}");
    }

    /// <summary>
    /// What <c>groupcomm check</c> says of all that happened so far. Nodes that run stand still for the moment of the copy: traces
    /// that are read one after the other while nodes write them contradict each other, but those of stopped processes are what
    /// processes leave that all crash at once, which is a history like any other. A node that ended by itself is never in order.
    /// </summary>
    public async Task<ClusterVerdict> VerdictAsync(CancellationToken ct = default)
    {
        string folder = Directory.CreateTempSubdirectory("groupcomm-traces-").FullName;
        try
        {
            await CollectTracesAsync(folder, ct).ConfigureAwait(false);
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            int code = TraceCheck.Run([.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)], text, text, json: false);
            foreach (string end in _unasked)
                text.WriteLine(end);
            return new ClusterVerdict(code == 0 && _unasked.Count == 0, text.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Takes everything away: containers, their traces, the network.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replaced.Concat(_nodes).Select(node => node.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _network.DisposeAsync().ConfigureAwait(false);
        _engine.Dispose();
    }

    internal static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    private void Note(string kind, string of) =>
        _done.Add(string.Create(CultureInfo.InvariantCulture, $$"""{"ev":"{{kind}}","t":{{Now}},"of":"{{of}}"}"""));
}
