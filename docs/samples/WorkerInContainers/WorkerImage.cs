using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using Microsoft.Extensions.Logging.Abstractions;

namespace WorkerInContainers;

/// <summary>The image of the worker service, as a pipeline would build it: publish, then <c>docker build</c>.</summary>
internal static class WorkerImage
{
    private static string Samples => typeof(WorkerImage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "Samples").Value!;

    public static async Task<IFutureDockerImage> BuildAsync()
    {
        string published = Path.Combine(AppContext.BaseDirectory, "worker");
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        using (Process publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(Samples, "WorkerService"), "-c", "Release", "-r", architecture, "--self-contained", "-o", published, "-v", "quiet", "-nodeReuse:false"]))!)
        {
            await publish.WaitForExitAsync();
            if (publish.ExitCode != 0)
                throw new InvalidOperationException("the worker service could not be published");
        }
        ImageFromDockerfileBuilder builder = new ImageFromDockerfileBuilder()
            .WithName($"worker:{Guid.NewGuid():N}")
            .WithLogger(NullLogger.Instance)
            .WithContextDirectory(published)
            .WithDockerfileDirectory(Path.Combine(Samples, "WorkerInContainers"));
        if (Environment.GetEnvironmentVariable("GROUPCOMM_BASE_IMAGE") is { Length: > 0 } other) // where the public one is out of reach
            builder = builder.WithBuildArgument("BASE", other);
        IFutureDockerImage image = builder.Build();
        await image.CreateAsync();
        return image;
    }
}
