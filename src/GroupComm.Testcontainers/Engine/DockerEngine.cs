using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;

namespace GroupComm.Testcontainers.Engine;

/// <summary>What Testcontainers has no word for: signals, starting again, commands as root.</summary>
internal sealed class DockerEngine : IDisposable
{
    private const int FreezeAttempts = 5;

    private static readonly TimeSpan s_thaw = TimeSpan.FromMilliseconds(200);

    private readonly DockerClient _client = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.NewGuid()).Build();

    public static bool Answers => TestcontainersSettings.OS.DockerEndpointAuthConfig is not null;

    public Task SignalAsync(string container, string signal, CancellationToken ct) =>
        _client.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = signal }, ct);

    /// <summary>Waits for the end of its process 1: the exit code.</summary>
    public async Task<long> EndAsync(string container, CancellationToken ct) => (await _client.Containers.WaitContainerAsync(container, ct).ConfigureAwait(false)).StatusCode;

    public Task StartAsync(string container, CancellationToken ct) => _client.Containers.StartContainerAsync(container, new ContainerStartParameters(), ct);

    /// <summary>
    /// On a busy machine the kernel does not get all tasks of a container to stand still at once (one in the middle of a fork cannot), and the engine
    /// gives up after a while, thaws it and says so. Nothing has happened to the container then: it is asked again. False: it has ended.
    /// </summary>
    public async Task<bool> PauseAsync(string container, CancellationToken ct)
    {
        for (int left = FreezeAttempts - 1; ; left--)
        {
            try
            {
                await _client.Containers.PauseContainerAsync(container, ct).ConfigureAwait(false);
                return true;
            }
            catch (DockerApiException refused) when (left > 0 && refused.Message.Contains("unable to freeze", StringComparison.Ordinal))
            {
                await Task.Delay(s_thaw, ct).ConfigureAwait(false);
            }
            catch (DockerApiException) when (!ct.IsCancellationRequested)
            {
                if (await RunsAsync(container, ct).ConfigureAwait(false))
                    throw;
                return false;
            }
        }
    }

    /// <summary>One that died in the moment in which it was paused is not paused: nothing keeps it from ending.</summary>
    public async Task ResumeAsync(string container, CancellationToken ct)
    {
        try
        {
            await _client.Containers.UnpauseContainerAsync(container, ct).ConfigureAwait(false);
        }
        catch (DockerApiException refused) when (refused.Message.Contains("is not paused", StringComparison.Ordinal))
        {
        }
    }

    public async Task<bool> RunsAsync(string container, CancellationToken ct) =>
        (await _client.Containers.InspectContainerAsync(container, ct).ConfigureAwait(false)).State!.Running;

    /// <summary>Whether the kernel ended it because it used more memory than it may.</summary>
    public async Task<bool> WasOutOfMemoryAsync(string container, CancellationToken ct) =>
        (await _client.Containers.InspectContainerAsync(container, ct).ConfigureAwait(false)).State!.OOMKilled;

    /// <summary>Its address in its (only) network, which may be another after each start.</summary>
    public async Task<string> AddressAsync(string container, CancellationToken ct) =>
        (await _client.Containers.InspectContainerAsync(container, ct).ConfigureAwait(false)).NetworkSettings!.Networks!.Values.First().IPAddress;

    /// <summary>Runs a command as root inside: exit code and all that it said.</summary>
    public async Task<(long Code, string Text)> RunAsRootAsync(string container, IList<string> command, CancellationToken ct)
    {
        ContainerExecCreateResponse made = await _client.Exec.CreateContainerExecAsync(
            container, new ContainerExecCreateParameters { Cmd = command, User = "0:0", AttachStdout = true, AttachStderr = true }, ct).ConfigureAwait(false);
        using MultiplexedStream output = await _client.Exec.StartContainerExecAsync(made.ID, new ContainerExecStartParameters(), ct).ConfigureAwait(false);
        (string said, string wrong) = await output.ReadOutputToEndAsync(ct).ConfigureAwait(false);
        return ((await _client.Exec.InspectContainerExecAsync(made.ID, ct).ConfigureAwait(false)).ExitCode ?? -1, said + wrong);
    }

    public void Dispose() => _client.Dispose();
}
