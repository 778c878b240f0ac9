using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

[assembly: AssemblyFixture(typeof(GroupComm.Packages.Tests.Feed))]

namespace GroupComm.Packages.Tests;

/// <summary>
/// What this build packs to, in a folder that is a feed, under a version that no other run has: whatever a machine has in its
/// caches of earlier runs cannot be mistaken for it. A program here restores from this feed and the sources that the machine
/// is configured with; what it is given of ours lies in a cache of its own, and the rest is taken from the machine's.
/// </summary>
public sealed class Feed : IAsyncLifetime
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly string _root = Directory.CreateTempSubdirectory("groupcomm-packages-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}.{Environment.ProcessId}";

    public static string Repository { get; } = FindRepository();

    private string Packages => Path.Combine(_root, "feed");

    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string> plain = new()
        {
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        (await Ran.RunAsync("dotnet", Repository, plain,
            "pack", "GroupComm.sln", "-c", Configuration, "--no-build", "-o", Packages, "--nologo", "-v", "quiet",
            $"-p:PackageVersion={Version}", $"-p:NuspecOutputPath={Path.Combine(_root, "nuspec")}/")).Ok();
        string machine = (await Ran.RunAsync("dotnet", _root, plain, "nuget", "locals", "global-packages", "--list")).Ok().Output;
        File.WriteAllText(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="groupcomm-under-test" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine[(machine.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()}" /></fallbackPackageFolders>
            </configuration>
            """);
        foreach ((string name, string value) in plain)
            _environment[name] = value;
        _environment["NUGET_PACKAGES"] = Path.Combine(_root, "cache");
        _environment["GroupCommVersion"] = Version;
        _environment["HostingVersion"] = Pin("Microsoft.Extensions.Hosting");
        // Two of these at the same time must not meet.
        _environment["GROUPCOMM__LISTEN"] = "127.0.0.1:0";
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The packages by id, symbols left out.</summary>
    public IEnumerable<string> Ids() => Directory.EnumerateFiles(Packages, "*.nupkg")
        .Select(path => Path.GetFileName(path).Replace($".{Version}.nupkg", "", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Packages, $"{id}.{Version}.{extension}"));

    /// <summary>A folder from which the feed is seen.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public Task<Ran> RunAsync(string folder, string program, params string[] arguments) => Ran.RunAsync(program, folder, _environment, arguments);

    /// <summary>Runs a service until it has said that, then ends it by SIGTERM.</summary>
    public Task<Ran> RunUntilAsync(string assembly, string word) => Ran.RunUntilAsync(assembly, Path.GetDirectoryName(assembly)!, _environment, word);

    /// <summary>Builds one of the programs as a user does; the answer is its assembly.</summary>
    public async Task<string> BuildAsync(string program)
    {
        string folder = Folder(program);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Programs", program)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        (await RunAsync(folder, "dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", "-o", "out")).Ok();
        return Path.Combine(folder, "out", program + ".dll");
    }

    private static string Pin(string package) => (string)XDocument.Load(Path.Combine(Repository, "Directory.Packages.props")).Descendants()
        .Single(element => element.Name.LocalName == "PackageVersion" && (string?)element.Attribute("Include") == package).Attribute("Version")!;

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GroupComm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("GroupComm.sln is in no parent folder of the tests");
    }
}
