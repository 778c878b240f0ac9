using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Serve;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>File, environment, flags: one check, one order.</summary>
public class ConfigurationTests
{
    [Fact]
    public void Flags_come_before_the_environment_and_that_before_the_file()
    {
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "node.json");
        File.WriteAllText(file, """{"GroupComm":{"Name":"file","Cluster":"file","Http":"127.0.0.1:1","Seeds":["a:1","b:2","c:3"],"LeaveTimeout":"7s"}}""");
        (GroupCommOptions options, ServeSettings settings) = ServeConfiguration.Read(
            file,
            new Hashtable { ["GROUPCOMM__Cluster"] = "env", ["groupcomm__http"] = "127.0.0.1:2", ["GROUPCOMM__Seeds"] = "d:4,e:5", ["GROUPCOMM_AT"] = "elsewhere" },
            new Dictionary<string, string?> { ["Http"] = "127.0.0.1:3", ["Seeds"] = "f:6" });
        Assert.Equal(("file", "env", "127.0.0.1:3", TimeSpan.FromSeconds(7)), (options.Name, options.Cluster, settings.Http, options.LeaveTimeout));
        Assert.Equal(["f:6"], options.Seeds);
    }

    [Fact]
    public void Every_mistake_is_named_with_its_place()
    {
        UsageException error = Assert.Throws<UsageException>(() => ServeConfiguration.Read(
            null, new Hashtable { ["GROUPCOMM__Sedes"] = "x", ["GROUPCOMM__LeaveTimeout"] = "5" }, new Dictionary<string, string?>()));
        Assert.Contains("Sedes", error.Message);
        Assert.Contains("Seeds", error.Message);
        Assert.Contains("LeaveTimeout", error.Message);
        Assert.Contains("environment", error.Message);
    }

    [Theory]
    [InlineData("--http", "0.0.0.0:7480", "--insecure")]
    [InlineData("--http", "nonsense:x", "Http")]
    [InlineData("--http", "example.org:7480", "address of this machine")]
    [InlineData("--log-format", "xml", "text or json")]
    [InlineData("--otlp", "collector", "URL")]
    [InlineData("--config", "no-such-file.json", "not there")]
    [InlineData("--name", "a b", "Name")]
    public void Bad_settings_are_one_line_and_exit_code_2(string flag, string value, string named)
    {
        Ran ran = Cli.InProcess("serve", flag, value);
        Assert.Equal(2, ran.Code);
        Assert.Contains(named, Assert.Single(ran.ErrorLines));
    }

    [Fact]
    public void The_guide_has_the_table_of_settings()
    {
        string guide = File.ReadAllText(GuideFile.Path());
        foreach (ServeKey key in ServeKeys.All)
            Assert.Contains($"| {(key.Flag is null ? "" : $"`{key.Flag}` ")}| `GroupComm:{key.Key}` | `GROUPCOMM__{key.Key}` | {key.Default} |", guide);
        Assert.Equal(ServeKeys.All.Count, guide.Split('\n').Count(line => line.Contains("| `GroupComm:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_option_that_a_text_can_state_is_in_the_table() => Assert.Equal(
        GroupComm.Hosting.Configuration.SectionReader.KeysOf(typeof(GroupCommOptions), typeof(ServeSettings)),
        ServeKeys.All.Select(key => key.Key).Order(StringComparer.Ordinal));
}

internal static class GuideFile
{
    public static string Path([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "../../../docs/sidecar.md"));
}
