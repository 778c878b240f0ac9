using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Images;
using GroupComm.Testcontainers.Engine;

namespace GroupComm;

// What can be done to nodes and to the network between them.
public partial class GroupCommCluster
{
    // Long enough for a packet of every connection: nodes send heartbeats ten times a second.
    private static readonly TimeSpan s_resets = TimeSpan.FromMilliseconds(300);

    private readonly Firewall _firewall = new();
    private bool _ruled;

    /// <summary>SIGKILL to all of these at once, as crashes are; their exit codes.</summary>
    public async Task<long[]> KillAsync(IReadOnlyList<int> nodes, CancellationToken ct = default)
    {
        Note("fault", $"SIGKILL {Names(nodes)}");
        return await Task.WhenAll(nodes.Select(node => this[node].EndAsync("SIGKILL", ct))).ConfigureAwait(false);
    }

    /// <summary>SIGKILL; the exit code.</summary>
    public async Task<long> KillAsync(int node, CancellationToken ct = default) => (await KillAsync([node], ct).ConfigureAwait(false))[0];

    /// <summary>SIGTERM, as <c>docker stop</c> sends it: the node leaves. The exit code.</summary>
    public async Task<long> StopAsync(int node, CancellationToken ct = default)
    {
        Note("fault", $"SIGTERM {Names([node])}");
        return await this[node].EndAsync("SIGTERM", ct).ConfigureAwait(false);
    }

    /// <summary>The node gets no time any more.</summary>
    public async Task PauseAsync(int node, CancellationToken ct = default)
    {
        Note("fault", $"pause {Names([node])}");
        if (!await this[node].PauseAsync(ct).ConfigureAwait(false))
            throw new InvalidOperationException($"{Names([node])} cannot be paused, it has ended by itself: its log says why");
    }

    /// <summary>The end of a pause.</summary>
    public async Task ResumeAsync(int node, CancellationToken ct = default)
    {
        await this[node].ResumeAsync(ct).ConfigureAwait(false);
        if (_ruled)
            await ApplyAsync([], ct).ConfigureAwait(false); // what it missed
        Note("heal", $"pause {Names([node])}");
    }

    /// <summary>Starts a node that has ended, or a late one, under its name and address; one that runs is killed first. Its trace
    /// goes on in the same file. Cuts hold for it as before.</summary>
    public async Task RestartAsync(int node, CancellationToken ct = default)
    {
        if (this[node].State is GroupCommContainerState.Paused)
            await ResumeAsync(node, ct).ConfigureAwait(false);
        if (this[node].State is GroupCommContainerState.Runs)
            await KillAsync(node, ct).ConfigureAwait(false);
        await this[node].StartAsync(ct).ConfigureAwait(false);
        Note("heal", $"start {Names([node])}");
        if (!_firewall.IsOpen)
            await ApplyAsync([], ct).ConfigureAwait(false);
    }

    /// <summary>
    /// A container of another image takes the place of a node, under its name, as in a rolling restart with a new version: the node is
    /// stopped as <see cref="StopAsync"/> does, if it runs. The exit code of the old one; 0 where it did not run.
    /// </summary>
    public async Task<long> ReplaceAsync(int node, IImage image, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (this[node].State is GroupCommContainerState.Paused)
            await ResumeAsync(node, ct).ConfigureAwait(false);
        long code = this[node].State is GroupCommContainerState.Runs ? await StopAsync(node, ct).ConfigureAwait(false) : 0;
        _replaced.Add(this[node]);
        _nodes[node - 1] = new GroupCommContainer(_plan, _network, _engine, node, image, FormattableString.Invariant($"{Names([node])}-{_replaced.Count}"));
        await RestartAsync(node, ct).ConfigureAwait(false);
        return code;
    }

    /// <summary>None of these hears any of the others, and the other way round.</summary>
    public Task CutAsync(IReadOnlyList<int> nodes, IReadOnlyList<int> others, CancellationToken ct = default)
    {
        Note("fault", $"cut {Names(nodes)} | {Names(others)}");
        Each(nodes, others);
        Each(others, nodes);
        return ApplyAsync([], ct);
    }

    /// <summary>These are cut off from all that are not named.</summary>
    public Task CutAsync(IReadOnlyList<int> nodes, CancellationToken ct = default) =>
        CutAsync(nodes, [.. _nodes.Select(node => node.Number).Where(number => !nodes.Contains(number))], ct);

    /// <summary>Nothing of what these send reaches the others, whose own packets arrive.</summary>
    public Task CutOneWayAsync(IReadOnlyList<int> from, IReadOnlyList<int> to, CancellationToken ct = default)
    {
        Note("fault", $"cut {Names(from)} -> {Names(to)}");
        Each(from, to);
        return ApplyAsync([], ct);
    }

    /// <summary>The end of all cuts.</summary>
    public async Task HealAsync(CancellationToken ct = default)
    {
        _firewall.Heal();
        await ApplyAsync([], ct).ConfigureAwait(false);
        Note("heal", "cuts");
    }

    /// <summary>Every connection of a node with the others ends by a reset, at both ends. New ones can be made a moment later.</summary>
    public async Task ResetAsync(int node, CancellationToken ct = default)
    {
        Note("fault", $"reset {Names([node])}");
        await ApplyAsync([node], ct).ConfigureAwait(false);
        await Task.Delay(s_resets, ct).ConfigureAwait(false);
        await ApplyAsync([], ct).ConfigureAwait(false);
        Note("heal", $"reset {Names([node])}");
    }

    private static string Names(IEnumerable<int> nodes) => string.Join(' ', nodes.Select(GroupCommClusterBuilder.NameOf));

    private void Each(IReadOnlyList<int> from, IReadOnlyList<int> to)
    {
        foreach (int sender in from)
            foreach (int receiver in to)
                if (sender != receiver)
                    _firewall.Cut(sender, receiver);
    }

    private async Task ApplyAsync(IReadOnlyList<int> reset, CancellationToken ct)
    {
        _ruled = true;
        // A paused container runs no command: it gets its rules when it is resumed.
        GroupCommContainer[] running = [.. Running];
        string[] addresses = await Task.WhenAll(_nodes.Select(node => node.IsMade && node.State != GroupCommContainerState.Ended ? node.AddressAsync(ct) : Task.FromResult(""))).ConfigureAwait(false);
        await Task.WhenAll(running.Select(async node =>
        {
            IEnumerable<int> resets = reset.Count == 0 ? [] : reset.Contains(node.Number) ? running.Select(peer => peer.Number).Where(peer => peer != node.Number) : reset;
            string rules = _firewall.Rules(node.Number, number => addresses[number - 1] is { Length: > 0 } known ? known : "192.0.2.1", resets.Where(peer => addresses[peer - 1].Length > 0));
            (long code, string text) = await node.RunAsync(["sh", "-c", $"printf '{rules.Replace("\n", "\\n", StringComparison.Ordinal)}' | iptables-restore -w"], ct).ConfigureAwait(false);
            if (code != 0)
                throw new InvalidOperationException($"{node.Name} cannot be cut off: iptables says '{text.Trim()}'; the image of a node needs iptables");
        })).ConfigureAwait(false);
    }
}
