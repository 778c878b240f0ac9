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
    /// <summary>For each wait: what takes a second on a quiet machine may take a minute on a busy one.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private IFutureDockerImage? _image;
    private readonly Lazy<Task<IFutureDockerImage>> _other = new(BuildOtherAsync);
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
        foreach (IFutureDockerImage? image in new[] { _other.IsValueCreated ? await _other.Value : null, _image })
        {
            if (image is null)
                continue;
            await image.DeleteAsync();
            await image.DisposeAsync();
        }
    }

    /// <summary>For the engine; as <see cref="Image"/>.</summary>
    internal string Name => Image.FullName;

    /// <summary>The image, or a skip that says why there is none.</summary>
    internal IImage Image
    {
        get
        {
            if (_missing.Length > 0)
                Assert.Skip(_missing);
            return _image!;
        }
    }

    /// <summary>Three nodes of the image, or a skip that says why there is none.</summary>
    internal GroupCommClusterBuilder Cluster()
    {
        return new GroupCommClusterBuilder(Image).WithLabel(Run.Label.Key, Run.Label.Value).WithLimit(s_limit);
    }

    /// <summary>As <see cref="Cluster"/>, of nodes that break that rule on purpose.</summary>
    internal async Task<GroupCommClusterBuilder> MutantsAsync(string mutant) =>
        new GroupCommClusterBuilder(await OtherAsync()).WithLabel(Run.Label.Key, Run.Label.Value).WithLimit(s_limit).WithServeArguments("--mutant", mutant);

    /// <summary>The version after this one, which claims to know more.</summary>
    internal Task<IImage> NextVersionAsync() => OtherAsync();

    internal const string NextVersion = "99.0.0";

    /// <summary>One build for all that the product is not, for a build takes a minute: it may break rules, which it does only when told, and says
    /// that it is of a later version.</summary>
    private async Task<IImage> OtherAsync()
    {
        _ = Image;
        return await _other.Value;
    }

    private static async Task<IFutureDockerImage> BuildOtherAsync() =>
        await BuildAsync(await Published.ApartAsync("other", "-p:Mutants=true", $"-p:Version={NextVersion}", "-p:FeatureLevel=2"));

    private static Task<IFutureDockerImage> BuildAsync(string folder) => GroupCommImage.BuildAsync(
        folder, Environment.GetEnvironmentVariable("GROUPCOMM_BASE_IMAGE"), new Dictionary<string, string> { [Run.Label.Key] = Run.Label.Value }, CancellationToken.None);
}
