using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Images;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Testcontainers.Engine;
using Xunit;

[assembly: AssemblyFixture(typeof(NodeImage))]

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>
/// The image of the daemon, built from the project's own Dockerfile, once for all tests. Where it cannot be built the tests
/// skip and say why, unless the gate requires an engine: then the run fails.
/// </summary>
public sealed class NodeImage : IAsyncLifetime
{
    private IFutureDockerImage? _image;
    private IFutureDockerImage? _mutants;
    private string _missing = "";

    public async ValueTask InitializeAsync()
    {
        try
        {
            if (!DockerEngine.Answers)
                throw new InvalidOperationException("no container engine answers; start Docker to run the tests with containers");
            _image = await BuildAsync(await Published.ToAsync("image"));
        }
        catch (Exception failure) when (!Run.NeedsEngine)
        {
            _missing = $"no image of a node: {failure.Message.ReplaceLineEndings(" ")}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IFutureDockerImage? image in new[] { _mutants, _image })
        {
            if (image is null)
                continue;
            await image.DeleteAsync();
            await image.DisposeAsync();
        }
    }

    /// <summary>Its name for the engine, or a skip that says why there is none.</summary>
    internal string Name
    {
        get
        {
            if (_missing.Length > 0)
                Assert.Skip(_missing);
            return _image!.FullName;
        }
    }

    /// <summary>Three nodes of the image, or a skip that says why there is none.</summary>
    internal GroupCommClusterBuilder Cluster()
    {
        if (_missing.Length > 0)
            Assert.Skip(_missing);
        return new GroupCommClusterBuilder(_image!).WithLabel(Run.Label.Key, Run.Label.Value);
    }

    /// <summary>As <see cref="Cluster"/>, of nodes that break that rule on purpose.</summary>
    internal async Task<GroupCommClusterBuilder> MutantsAsync(string mutant)
    {
        if (_missing.Length > 0)
            Assert.Skip(_missing);
        // Into folders of their own: what is built here must never be taken for the product.
        _mutants ??= await BuildAsync(await Published.ToAsync("mutant-image", "-p:Mutants=true", "-p:UseArtifactsOutput=true", $"-p:ArtifactsPath={System.IO.Path.Combine(Published.Repository, "artifacts", "mutants")}"));
        return new GroupCommClusterBuilder(_mutants).WithLabel(Run.Label.Key, Run.Label.Value).WithServeArguments("--mutant", mutant);
    }

    private static Task<IFutureDockerImage> BuildAsync(string folder) => GroupCommImage.BuildAsync(
        folder, Environment.GetEnvironmentVariable("GROUPCOMM_BASE_IMAGE"), new Dictionary<string, string> { [Run.Label.Key] = Run.Label.Value }, CancellationToken.None);
}
