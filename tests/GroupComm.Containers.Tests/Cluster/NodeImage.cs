using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using GroupComm.Containers.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

[assembly: AssemblyFixture(typeof(NodeImage))]

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>
/// The image of the daemon, built from the project's own Dockerfile, once for all tests. Where it cannot be built the tests
/// skip and say why, unless the gate requires an engine: then the run fails.
/// </summary>
public sealed class NodeImage : IAsyncLifetime
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private IFutureDockerImage? _image;
    private string _missing = "";

    public async ValueTask InitializeAsync()
    {
        try
        {
            if (!Engine.Answers)
                throw new InvalidOperationException("no container engine answers; start Docker to run the tests with containers");
            string context = await PublishAsync();
            ImageFromDockerfileBuilder builder = new ImageFromDockerfileBuilder()
                .WithName($"groupcomm-node:{Guid.NewGuid():N}")
                .WithContextDirectory(context)
                .WithDockerfileDirectory(Path.Combine(Repository, "src", "GroupComm.Daemon"))
                .WithDockerfile("Dockerfile")
                .WithLabel(Engine.Label.Key, Engine.Label.Value)
                .WithLogger(NullLogger.Instance);
            if (Environment.GetEnvironmentVariable("GROUPCOMM_BASE_IMAGE") is { Length: > 0 } @base)
                builder = builder.WithBuildArgument("BASE", @base);
            _image = builder.Build();
            await _image.CreateAsync();
        }
        catch (Exception failure) when (!Engine.IsRequired)
        {
            _missing = $"no image of a node: {failure.Message.ReplaceLineEndings(" ")}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_image is null || _missing.Length > 0)
            return;
        await _image.DeleteAsync();
        await _image.DisposeAsync();
    }

    /// <summary>The image, or a skip that says why there is none.</summary>
    internal IImage Need()
    {
        if (_missing.Length > 0)
            Assert.Skip(_missing);
        return _image!;
    }

    private static string Repository { get; } = FindRepository();

    /// <summary>What <c>dotnet cake --target=Image</c> publishes.</summary>
    private static async Task<string> PublishAsync()
    {
        string to = Path.Combine(Repository, "artifacts", "image");
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        ProcessStartInfo start = new("dotnet",
            ["publish", "src/GroupComm.Daemon", "-c", Configuration, "-r", architecture, "--self-contained", "-o", to, "--nologo", "-v", "quiet"])
        { WorkingDirectory = Repository, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process publish = Process.Start(start)!;
        Task<string> output = publish.StandardOutput.ReadToEndAsync(), error = publish.StandardError.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? to : throw new InvalidOperationException($"the daemon could not be published: {await output}{await error}");
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GroupComm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("GroupComm.sln is in no parent folder of the tests");
    }
}
