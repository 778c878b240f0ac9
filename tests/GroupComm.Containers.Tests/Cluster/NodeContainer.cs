using System;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>One node: a container of its own, whose process 1 is <c>groupcomm serve</c>.</summary>
internal sealed class NodeContainer : IAsyncDisposable
{
    private const string Trace = "/traces/node.jsonl";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly IContainer _container;

    public NodeContainer(IImage image, INetwork network, string name, string[] serve)
    {
        Name = name;
        _container = new ContainerBuilder(image)
            .WithNetwork(network)
            .WithNetworkAliases(name)
            .WithHostname(name)
            .WithCommand(["serve", "--name", name, "--listen", "0.0.0.0:7400", "--advertise", $"{name}:7400", "--trace", Trace, "--insecure-peers", .. serve])
            .WithLabel(Engine.Label.Key, Engine.Label.Value)
            .WithLogger(NullLogger.Instance)
            .Build();
    }

    public string Name { get; }

    public bool HasEnded { get; private set; }

    public Task StartAsync(CancellationToken ct) => _container.StartAsync(ct);

    /// <summary>SIGKILL, and the exit code.</summary>
    public async Task<long> KillAsync(CancellationToken ct)
    {
        await Engine.KillAsync(_container, ct);
        HasEnded = true;
        return await _container.GetExitCodeAsync(ct);
    }

    /// <summary>SIGTERM, as <c>docker stop</c> sends it, and the exit code.</summary>
    public async Task<long> StopAsync(CancellationToken ct)
    {
        await _container.StopAsync(ct);
        HasEnded = true;
        return await _container.GetExitCodeAsync(ct);
    }

    /// <summary>Waits until the node has logged such a line, and returns it.</summary>
    public async Task<string> SeesAsync(string pattern, CancellationToken ct) => await UntilAsync(
        async () => Regex.Match(await LogAsync(ct), $"^.*{pattern}.*$", RegexOptions.Multiline) is { Success: true } match ? match.Value : null, $"logged '{pattern}'", ct);

    /// <summary>Waits until so many lines of an event stand in the node's trace.</summary>
    public async Task TracesAsync(string happened, int times, CancellationToken ct) => await UntilAsync(
        async () => Regex.Count(await TraceAsync(ct), $"\"ev\":\"{happened}\"") >= times ? "" : null, $"traced {times} times '{happened}'", ct);

    /// <summary>The trace as it is now; also of a node that is dead.</summary>
    public async Task<string> TraceAsync(CancellationToken ct) => Encoding.UTF8.GetString(await _container.ReadFileAsync(Trace, ct));

    public async Task CollectAsync(string folder, CancellationToken ct) =>
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{Name}.jsonl"), await _container.ReadFileAsync(Trace, ct), ct);

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    private async Task<string> LogAsync(CancellationToken ct)
    {
        (string output, string error) = await _container.GetLogsAsync(timestampsEnabled: false, ct: ct);
        return output + error;
    }

    private async Task<string> UntilAsync(Func<Task<string?>> ask, string what, CancellationToken ct)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(s_limit);
        while (!late.IsCancellationRequested)
        {
            if (await ask() is { } found)
                return found;
            await Task.WhenAny(Task.Delay(s_look, late.Token));
        }
        ct.ThrowIfCancellationRequested();
        throw new TimeoutException($"{Name} has not {what} within {s_limit}; its log:\n{await LogAsync(ct)}");
    }
}
