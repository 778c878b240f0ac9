using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;

namespace GroupComm;

/// <summary>What a cluster in containers shall be. Every method changes the builder and returns it.</summary>
public sealed class GroupCommClusterBuilder
{
    private readonly List<string> _serve = [];
    private readonly Dictionary<string, string> _labels = [];
    private readonly Dictionary<int, long> _traceSpace = [];
    private readonly Dictionary<int, string[]> _serveOf = [];
    private TimeSpan _suspicion = TimeSpan.FromSeconds(5);
    private string? _load;

    /// <summary>A cluster of three nodes.</summary>
    /// <param name="image">The image of a node, as <see cref="GroupCommImage"/> builds it, or one whose process 1 takes the same arguments.</param>
    public GroupCommClusterBuilder(IImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image = image;
    }

    internal IImage Image { get; }

    internal int Count { get; private set; } = 3;

    internal int Late { get; private set; }

    internal long Memory { get; private set; }

    internal long NanoCpus { get; private set; }

    internal string? TraceDirectory { get; private set; }

    internal bool ByEnvironment { get; private set; }

    internal string Cluster { get; private set; } = "default";

    internal IReadOnlyDictionary<string, string> Labels => _labels;

    internal TimeSpan Limit { get; private set; } = TimeSpan.FromSeconds(60);

    internal Func<ContainerBuilder, string, ContainerBuilder>? More { get; private set; }

    /// <summary>How many nodes found the cluster, named n1, n2, …</summary>
    public GroupCommClusterBuilder WithNodes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(count is >= 1 and <= 64, true, nameof(count));
        Count = count;
        return this;
    }

    /// <summary>How many further nodes there are that are not started yet: <see cref="GroupCommCluster.RestartAsync"/> starts them.</summary>
    public GroupCommClusterBuilder WithLateNodes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Late = count;
        return this;
    }

    /// <summary>The cluster's name.</summary>
    public GroupCommClusterBuilder WithCluster(string name)
    {
        Cluster = name;
        return this;
    }

    /// <summary>Traffic of every node, as <c>serve --load</c> wants it: <c>GROUP:RATE[:ORDER]</c>.</summary>
    public GroupCommClusterBuilder WithLoad(string load)
    {
        _load = load;
        return this;
    }

    /// <summary>After that much silence a node is suspected; 5 s unless said otherwise, for a busy machine stops a process for a second.</summary>
    public GroupCommClusterBuilder WithSuspicionTimeout(TimeSpan silence)
    {
        _suspicion = silence;
        return this;
    }

    /// <summary>Further arguments of <c>groupcomm serve</c>, of every node.</summary>
    public GroupCommClusterBuilder WithServeArguments(params string[] arguments)
    {
        _serve.AddRange(arguments);
        return this;
    }

    /// <summary>Further arguments of one node; an option that is given here replaces that of all.</summary>
    public GroupCommClusterBuilder WithServeArgumentsOf(int node, params string[] arguments)
    {
        _serveOf[node] = arguments;
        return this;
    }

    /// <summary>
    /// For a program of your own with <c>AddGroupComm()</c>: nodes are told their name, seeds and trace by the environment
    /// (<c>GROUPCOMM__Name</c> and so on) and are given no arguments; what <c>serve</c> alone knows, loads too, does not apply.
    /// </summary>
    public GroupCommClusterBuilder ConfiguredByEnvironment()
    {
        ByEnvironment = true;
        return this;
    }

    /// <summary>What the process of each node may use, in bytes.</summary>
    public GroupCommClusterBuilder WithMemoryLimit(long bytes)
    {
        Memory = bytes;
        return this;
    }

    /// <summary>How many processors the process of each node may use, in parts too: 0.5 is half of the time of one.</summary>
    public GroupCommClusterBuilder WithCpuLimit(double processors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processors);
        NanoCpus = (long)(processors * 1e9);
        return this;
    }

    /// <summary>
    /// Traces are written to a directory of this machine, below one for each node, instead of into the containers: those of hundreds of
    /// megabytes are collected in a moment then. The engine must run on this machine. The directory is the caller's to remove.
    /// </summary>
    public GroupCommClusterBuilder WithTracesIn(string directory)
    {
        TraceDirectory = Path.GetFullPath(directory);
        return this;
    }

    /// <summary>The place for traces of one node holds so many bytes.</summary>
    public GroupCommClusterBuilder WithTraceSpace(int node, long bytes)
    {
        _traceSpace[node] = bytes;
        return this;
    }

    /// <summary>A label of everything that is created, to find leftovers of a broken run by.</summary>
    public GroupCommClusterBuilder WithLabel(string key, string value)
    {
        _labels[key] = value;
        return this;
    }

    /// <summary>How long the cluster waits for what it was asked to wait for; 60 s unless said otherwise.</summary>
    public GroupCommClusterBuilder WithLimit(TimeSpan limit)
    {
        Limit = limit;
        return this;
    }

    /// <summary>Changes the container of each node as Testcontainers can, for example its environment; given the node's name.</summary>
    public GroupCommClusterBuilder WithContainer(Func<ContainerBuilder, string, ContainerBuilder> change)
    {
        More = change;
        return this;
    }

    /// <summary>Starts the cluster and waits for its first view.</summary>
    public async Task<GroupCommCluster> StartAsync(CancellationToken ct = default)
    {
        GroupCommCluster cluster = new(this);
        try
        {
            await cluster.StartAsync(ct).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal long? TraceSpaceOf(int number) => _traceSpace.TryGetValue(number, out long bytes) ? bytes : null;

    internal static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"n{number}");

    /// <summary>The command of a node. All are given the same seeds: one's own name always has an address, so nobody stops because the others are not there yet.</summary>
    internal string[] CommandOf(int number)
    {
        string[] own = _serveOf.GetValueOrDefault(number) ?? [];
        List<string> command = [.. CommandOfAll(number)];
        foreach (string option in own.Where(each => each.StartsWith("--", StringComparison.Ordinal)))
            if (command.IndexOf(option) is >= 0 and int at)
                command.RemoveRange(at, 2);
        return [.. command, .. own];
    }

    /// <summary>The same as settings, for a program that reads its configuration from the environment.</summary>
    internal Dictionary<string, string> EnvironmentOf(int number) => new()
    {
        ["GROUPCOMM__Name"] = NameOf(number),
        ["GROUPCOMM__Cluster"] = Cluster,
        ["GROUPCOMM__Listen"] = "0.0.0.0:7400",
        ["GROUPCOMM__Advertise"] = $"{NameOf(number)}:7400",
        ["GROUPCOMM__AllowPlaintext"] = "true",
        ["GROUPCOMM__TraceFile"] = GroupCommContainer.Trace,
        ["GROUPCOMM__ExpectedNodes"] = Count.ToString(CultureInfo.InvariantCulture),
        ["GROUPCOMM__SuspicionTimeout"] = string.Create(CultureInfo.InvariantCulture, $"{_suspicion.TotalMilliseconds:0}ms"),
        ["GROUPCOMM__Seeds"] = string.Join(',', Enumerable.Range(1, Count).Select(i => $"{NameOf(i)}:7400")),
    };

    private string[] CommandOfAll(int number) =>
    [
        "serve", "--name", NameOf(number), "--cluster", Cluster, "--listen", "0.0.0.0:7400", "--advertise", $"{NameOf(number)}:7400", "--insecure-peers",
        "--trace", GroupCommContainer.Trace, "--expected-nodes", Count.ToString(CultureInfo.InvariantCulture),
        "--suspicion-timeout", _suspicion.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
        .. Enumerable.Range(1, Count).SelectMany(i => new[] { "--seed", $"{NameOf(i)}:7400" }),
        .. _load is null ? [] : new[] { "--load", _load }, .. _serve,
    ];
}
