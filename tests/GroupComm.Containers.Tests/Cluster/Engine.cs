using System;
using System.Threading;
using System.Threading.Tasks;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>The container engine of this machine, and what Testcontainers has no word for.</summary>
internal static class Engine
{
    /// <summary>Set by the gate: there has to be an engine, a test that cannot run has failed.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("GROUPCOMM_REQUIRE_DOCKER") == "1";

    /// <summary>The label by which whoever started the run finds what a killed run left behind.</summary>
    public static (string Key, string Value) Label { get; } =
        ("groupcomm.run", Environment.GetEnvironmentVariable("GROUPCOMM_RUN") ?? $"process-{Environment.ProcessId}");

    public static bool Answers => TestcontainersSettings.OS.DockerEndpointAuthConfig is not null;

    /// <summary>SIGKILL to its process 1, which for a node is the node.</summary>
    public static async Task KillAsync(IContainer container, CancellationToken ct)
    {
        using DockerClient client = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.NewGuid()).Build();
        await client.Containers.KillContainerAsync(container.Id, new ContainerKillParameters { Signal = "SIGKILL" }, ct);
        await client.Containers.WaitContainerAsync(container.Id, ct);
    }
}
