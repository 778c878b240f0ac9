using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>The daemon as a folder with its own .NET: what <c>dotnet cake --target=Image</c> publishes.</summary>
internal static class Published
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    public static string Repository { get; } = FindRepository();

    /// <param name="to">A folder's name under artifacts.</param>
    /// <param name="more">Further arguments of <c>dotnet publish</c>.</param>
    public static async Task<string> ToAsync(string to, params string[] more)
    {
        string folder = Path.Combine(Repository, "artifacts", to);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        ProcessStartInfo start = new("dotnet",
            ["publish", "src/GroupComm.Daemon", "-c", Configuration, "-r", architecture, "--self-contained", "-o", folder, "--nologo", "-v", "quiet", .. more])
        { WorkingDirectory = Repository, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process publish = Process.Start(start)!;
        Task<string> output = publish.StandardOutput.ReadToEndAsync(), error = publish.StandardError.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? folder : throw new InvalidOperationException($"the daemon could not be published: {await output}{await error}");
    }

    /// <summary>Another build than the product, in folders of its own: what is built here must never be taken for it. Not trimmed, for that takes long.</summary>
    public static Task<string> ApartAsync(string name, params string[] properties) => ToAsync(
        $"{name}-image", [.. properties, "-p:PublishTrimmed=false", "-p:UseArtifactsOutput=true", $"-p:ArtifactsPath={Path.Combine(Repository, "artifacts", name)}"]);

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GroupComm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("GroupComm.sln is in no parent folder of the tests");
    }
}
