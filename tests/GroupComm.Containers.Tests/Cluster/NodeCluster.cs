using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using DotNet.Testcontainers.Networks;
using GroupComm.Testing.Laws;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>
/// Nodes n1, n2, … in containers on a network of their own, all with the same load. Notes what is done to them; the verdict
/// is that of <c>groupcomm check</c> over what they traced.
/// </summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private readonly INetwork _network = new NetworkBuilder()
        .WithName($"groupcomm-{Guid.NewGuid():N}")
        .WithLabel(Engine.Label.Key, Engine.Label.Value)
        .WithLogger(NullLogger.Instance)
        .Build();
    private readonly List<NodeContainer> _nodes = [];
    private readonly List<string> _done = [];

    /// <summary>The node with that number, counted from 1 as in its name.</summary>
    public NodeContainer this[int number] => _nodes[number - 1];

    /// <param name="image">The image of a node.</param>
    /// <param name="count">How many.</param>
    /// <param name="load">As <c>serve --load</c> wants it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The cluster, in its first view.</returns>
    public static async Task<NodeCluster> StartAsync(IImage image, int count, string load, CancellationToken ct)
    {
        var cluster = new NodeCluster();
        try
        {
            await cluster._network.CreateAsync(ct);
            // All are given the same seeds: one's own name always has an address, so nobody stops because the others are not there yet.
            string[] names = [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i}"))];
            // A busy machine may stop a process for a second, which is no crash; a killed one is noticed by its closed connections.
            string[] serve = ["--suspicion-timeout", "5", "--expected-nodes", count.ToString(CultureInfo.InvariantCulture), "--load", load, .. names.SelectMany(name => new[] { "--seed", $"{name}:7400" })];
            cluster._nodes.AddRange(names.Select(name => new NodeContainer(image, cluster._network, name, serve)));
            await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync(ct)));
            foreach (NodeContainer node in cluster._nodes)
                await node.SeesAsync($"View 1: {string.Join(' ', Enumerable.Repeat(@"n\d+#\d+", count))};", ct);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A crash, and the exit code.</summary>
    public async Task<long> KillAsync(int number, CancellationToken ct)
    {
        _done.Add(string.Create(CultureInfo.InvariantCulture, $$"""{"ev":"fault","t":{{Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency)}},"of":"n{{number}} SIGKILL"}"""));
        return await this[number].KillAsync(ct);
    }

    /// <summary>The traces of all nodes, the dead ones too, and what was done to them.</summary>
    public async Task CollectTracesAsync(string folder, CancellationToken ct)
    {
        foreach (NodeContainer node in _nodes)
            await node.CollectAsync(folder, ct);
        await File.WriteAllLinesAsync(Path.Combine(folder, "harness.jsonl"), _done, ct);
    }

    /// <summary>
    /// Exit code and text of <c>groupcomm check</c> over all that happened. Traces that are read one after the other while nodes
    /// write them contradict each other, so every node must have ended.
    /// </summary>
    public async Task<(int Code, string Text)> VerdictAsync(CancellationToken ct)
    {
        if (!_nodes.All(node => node.HasEnded))
            throw new InvalidOperationException("a node still runs: stop it before you ask for the verdict");
        string folder = Directory.CreateTempSubdirectory("groupcomm-traces-").FullName;
        try
        {
            await CollectTracesAsync(folder, ct);
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            int code = TraceCheck.Run([.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)], text, text, json: false);
            return (code, text.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeContainer node in _nodes)
            await node.DisposeAsync();
        await _network.DisposeAsync();
    }
}
