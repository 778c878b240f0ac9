using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Packages.Tests;

/// <summary>The packages, installed and run as users do.</summary>
public sealed class InstalledTests(Feed feed)
{
    [Fact]
    public async Task A_fresh_console_program_joins_registers_sends_and_receives()
    {
        string program = await feed.BuildAsync("Console");
        Ran ran = (await feed.RunAsync(Path.GetDirectoryName(program)!, "dotnet", program)).Ok();
        Assert.Contains("both were given both", ran.Output);
    }

    [Fact]
    public async Task A_fresh_worker_service_joins_and_leaves_on_sigterm()
    {
        if (System.OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGTERM");
        string program = await feed.BuildAsync("Worker");
        Ran ran = (await feed.RunUntilAsync(program, "sold apples")).Ok();
        Assert.Contains("stopped", ran.Output);
    }

    [Fact]
    public async Task A_fresh_program_finds_all_that_the_kit_was_built_with()
    {
        string program = await feed.BuildAsync("Kit");
        (await feed.RunAsync(Path.GetDirectoryName(program)!, "dotnet", program)).Ok();
    }

    [Fact]
    public async Task The_installed_tool_shows_its_help_and_runs_the_demo()
    {
        string folder = feed.Folder("tool");
        (await feed.RunAsync(folder, "dotnet", "tool", "install", "GroupComm.Tool", "--version", feed.Version, "--tool-path", "bin")).Ok();
        string groupcomm = Path.Combine(folder, "bin", "groupcomm");
        Assert.Contains("groupcomm demo", (await feed.RunAsync(folder, groupcomm, "--help")).Ok().Output);
        Ran demo = (await feed.RunAsync(folder, groupcomm, "demo", "--no-throughput", "--messages", "200")).Ok();
        Assert.EndsWith("OK", demo.Output.TrimEnd());
    }
}
