using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using DotNet.Testcontainers.Networks;
using DotNet.Testcontainers.Volumes;
using GroupComm.Testcontainers.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm;

/// <summary>One node of a <see cref="GroupCommCluster"/>: a container whose process 1 is the node.</summary>
public sealed partial class GroupCommContainer
{
    internal const string Trace = "/traces/node.jsonl";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly DockerEngine _engine;
    private readonly IContainer _container;
    private readonly IVolume? _space;
    private readonly TimeSpan _limit;
    private readonly string _trace;
    private readonly bool _logs;
    private readonly string? _traces;

    internal GroupCommContainer(GroupCommClusterBuilder plan, INetwork network, DockerEngine engine, int number, IImage? image = null, string? trace = null)
    {
        (_engine, _limit, Number, Name) = (engine, plan.Limit, number, GroupCommClusterBuilder.NameOf(number));
        (_trace, _logs) = (trace ?? Name, !plan.ByEnvironment);
        ContainerBuilder builder = new ContainerBuilder(image ?? plan.Image)
            .WithNetwork(network)
            .WithNetworkAliases(Name)
            .WithHostname(Name)
            .WithLabel(plan.Labels)
            .WithLogger(NullLogger.Instance)
            .WithCreateParameterModifier(made =>
            {
                made.HostConfig!.CapAdd = ["NET_ADMIN"]; // for root alone, who cuts links; the node's own user gets no right by it
                made.HostConfig.Memory = plan.Memory;
                made.HostConfig.MemorySwap = plan.Memory;
                made.HostConfig.NanoCPUs = plan.NanoCpus;
                made.Healthcheck = new HealthcheckConfig { Test = ["NONE"] }; // a probe is the start of a process, which a test of time would see
            });
        builder = plan.ByEnvironment ? builder.WithEnvironment(plan.EnvironmentOf(number)) : builder.WithCommand(plan.CommandOf(number));
        if (plan.TraceSpaceOf(number) is { } space)
        {
            _space = new VolumeBuilder()
                .WithName($"groupcomm-{Guid.NewGuid():N}")
                .WithLabel(plan.Labels)
                .WithLogger(NullLogger.Instance)
                .WithCreateParameterModifier(made => made.DriverOpts = new Dictionary<string, string>
                {
                    ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = FormattableString.Invariant($"size={space},mode=1777"),
                })
                .Build();
            builder = builder.WithVolumeMount(_space, Path.GetDirectoryName(Trace)!);
        }
        if (plan.TraceDirectory is { } directory)
        {
            _traces = Directory.CreateDirectory(Path.Combine(directory, _trace)).FullName;
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_traces, (UnixFileMode)0b111_111_111); // for the user of the image, whoever that is
            builder = builder.WithBindMount(_traces, Path.GetDirectoryName(Trace)!);
        }
        _container = (plan.More is null ? builder : plan.More(builder, Name)).Build();
    }

    /// <summary>Its name in the cluster, which is that of its host, too.</summary>
    public string Name { get; }

    /// <summary>Its number, from 1, as in its name.</summary>
    public int Number { get; }

    /// <summary>What it does, as far as its harness knows.</summary>
    public GroupCommContainerState State { get; internal set; }

    /// <summary>The container, for all else that Testcontainers can do.</summary>
    public IContainer Container => _container;

    internal bool IsMade { get; private set; }

    /// <summary>All that it has logged.</summary>
    public async Task<string> ReadLogAsync(CancellationToken ct = default)
    {
        (string output, string error) = await _container.GetLogsAsync(timestampsEnabled: false, ct: ct).ConfigureAwait(false);
        return output + error;
    }

    /// <summary>Waits until it has logged a line with such a text, a regular expression, and returns the line.</summary>
    public Task<string> SeesAsync(string pattern, CancellationToken ct = default) => UntilAsync(
        async () => Regex.Match(await ReadLogAsync(ct).ConfigureAwait(false), $"^.*(?:{pattern}).*$", RegexOptions.Multiline) is { Success: true } match ? match.Value : null,
        $"logged '{pattern}'", ct);

    /// <summary>Waits until its trace has so many lines of an event, such as <c>deliver</c>.</summary>
    public Task TracesAsync(string happened, int times, CancellationToken ct = default) => UntilAsync(
        async () => await CountAsync(happened, ct).ConfigureAwait(false) >= times ? "" : null, $"traced {times} times '{happened}'", ct);

    /// <summary>How many lines of an event its trace has; it must run.</summary>
    public async Task<int> CountAsync(string happened, CancellationToken ct = default)
    {
        (_, string text) = await RunAsync(["sh", "-c", $"grep -c '\"ev\":\"{happened}\"' {Trace} || true"], ct).ConfigureAwait(false);
        return int.TryParse(text.Trim(), out int count) ? count : 0;
    }

    /// <summary>Runs a command in it, as root: exit code and what it said.</summary>
    public Task<(long Code, string Text)> RunAsync(IReadOnlyList<string> command, CancellationToken ct = default) =>
        _engine.RunAsRootAsync(_container.Id, [.. command], ct);

    /// <summary>The view that it installed last, as its log has it, or its trace where its log is a program's own; 0 and nobody before the first.</summary>
    internal async Task<(long View, string Members)> ViewAsync(CancellationToken ct)
    {
        MatchCollection lines = _logs
            ? ViewLine().Matches(await ReadLogAsync(ct).ConfigureAwait(false))
            : TracedView().Matches((await RunAsync(["sh", "-c", $"grep '\"ev\":\"view\"' {Trace} | tail -n 1"], ct).ConfigureAwait(false)).Text);
        return lines.Count == 0 ? (0, "") : (
            long.Parse(lines[^1].Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            lines[^1].Groups[2].Value.Replace("\",\"", " ", StringComparison.Ordinal));
    }

    /// <summary>The names of the nodes whose messages of that view or a later one it delivered lately.</summary>
    internal async Task<HashSet<string>> HeardAsync(long view, CancellationToken ct)
    {
        (_, string text) = await RunAsync(["tail", "-c", "100000", Trace], ct).ConfigureAwait(false);
        return [.. DeliverLine().Matches(text)
            .Where(line => long.Parse(line.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) >= view)
            .Select(line => line.Groups[1].Value)];
    }

    internal Task<string> AddressAsync(CancellationToken ct) => _engine.AddressAsync(_container.Id, ct);

    internal async Task StartAsync(CancellationToken ct)
    {
        if (IsMade)
        {
            await _engine.StartAsync(_container.Id, ct).ConfigureAwait(false);
        }
        else
        {
            await _container.StartAsync(ct).ConfigureAwait(false);
            IsMade = true;
        }
        State = GroupCommContainerState.Runs;
    }

    internal async Task<long> EndAsync(string signal, CancellationToken ct)
    {
        await _engine.SignalAsync(_container.Id, signal, ct).ConfigureAwait(false);
        return await EndedAsync(ct).ConfigureAwait(false);
    }

    internal async Task<long> EndedAsync(CancellationToken ct)
    {
        long code = await _engine.EndAsync(_container.Id, ct).WaitAsync(_limit, ct).ConfigureAwait(false);
        State = GroupCommContainerState.Ended;
        return code;
    }

    /// <summary>False when it has ended by itself.</summary>
    internal async Task<bool> PauseAsync(CancellationToken ct)
    {
        if (!await _engine.PauseAsync(_container.Id, ct).ConfigureAwait(false))
            return false;
        State = GroupCommContainerState.Paused;
        return true;
    }

    internal async Task ResumeAsync(CancellationToken ct)
    {
        await _engine.ResumeAsync(_container.Id, ct).ConfigureAwait(false);
        State = GroupCommContainerState.Runs;
    }

    internal async Task CollectAsync(string folder, CancellationToken ct)
    {
        string to = Path.Combine(folder, $"{_trace}.jsonl");
        if (_traces is not null)
            File.Copy(Path.Combine(_traces, Path.GetFileName(Trace)), to, overwrite: true);
        else
            await File.WriteAllBytesAsync(to, await _container.ReadFileAsync(Trace, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    internal async Task<string> UntilAsync(Func<Task<string?>> ask, string what, CancellationToken ct)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(_limit);
        while (!late.IsCancellationRequested)
        {
            if (await ask().ConfigureAwait(false) is { } found)
                return found;
            await Task.WhenAny(Task.Delay(s_look, late.Token)).ConfigureAwait(false);
        }
        ct.ThrowIfCancellationRequested();
        throw new TimeoutException($"{Name} has not {what} within {_limit}; its log:\n{await ReadLogAsync(ct).ConfigureAwait(false)}");
    }

    internal async ValueTask DisposeAsync()
    {
        await _container.DisposeAsync().ConfigureAwait(false);
        if (_space is not null)
            await _space.DisposeAsync().ConfigureAwait(false);
    }

    [GeneratedRegex(@"\bView (\d+): ([^;\n]*);")]
    private static partial Regex ViewLine();

    [GeneratedRegex("\"view\":(\\d+).*\"members\":\\[\"([^\\]]*)\"\\]")]
    private static partial Regex TracedView();

    [GeneratedRegex("\"ev\":\"deliver\".*\"id\":\"([^#\"]+)#\\d+:(\\d+):")]
    private static partial Regex DeliverLine();
}
