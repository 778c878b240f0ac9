using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace GroupComm.Core.Tests.Rules;

/// <summary>Mutants live in the simulator alone: no option, file or environment key of a running node reaches a protocol rule.</summary>
public sealed class RulesStayInTheSimulatorTests
{
    private static readonly string[] Simulator = ["GroupComm.Core", "GroupComm.Testing"];

    [Fact]
    public void Default_options_have_the_correct_rules()
    {
        Assert.Same(ProtocolRules.Correct, new CoreOptions { Self = new NodeInfo(new NodeId("a", 1), "a") }.Rules);
        Assert.All(typeof(ProtocolRules).GetProperties().Where(static p => p.PropertyType == typeof(bool)), static p => Assert.Equal(false, p.GetValue(ProtocolRules.Correct)));
    }

    [Fact]
    public void No_source_outside_the_simulator_names_a_rule()
    {
        string root = Path.Combine(Path.GetDirectoryName(Here())!, "../../../src");
        var found = new List<string>();
        int files = 0;
        foreach (string path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar);
            if (Simulator.Contains(parts[0]) || parts.Contains("obj") || parts.Contains("bin"))
                continue;
            string text = File.ReadAllText(path);
            if (parts[0] == "GroupComm.Daemon"
                && (text.Contains("SimulationPlan", StringComparison.Ordinal) || text.Contains("ExplorePlan", StringComparison.Ordinal)))
                continue; // the commands simulate and explore
            files++;
            found.AddRange(RuleMentions.InSource(text).Select(mention => $"{string.Join('/', parts)}: {mention}"));
        }
        Assert.True(files > 20, "the scan found no sources");
        Assert.Empty(found);
    }

    [Fact]
    public void No_assembly_outside_the_simulator_refers_to_a_rule()
    {
        string[] paths = Directory.GetFiles(AppContext.BaseDirectory, "GroupComm*.dll");
        Assert.Contains(paths, static path => Path.GetFileName(path) == "GroupComm.Runtime.dll");
        foreach (string path in paths)
            if (!Simulator.Contains(Path.GetFileNameWithoutExtension(path)) && !path.EndsWith(".Tests.dll", StringComparison.Ordinal))
                Assert.Empty(RuleMentions.InAssembly(path));
    }

    [Theory]
    [InlineData("ProtocolRules.Correct with { NoMajority = true }", "NoMajority")]
    [InlineData("new CoreOptions { Rules = rules }", "Rules = ")]
    [InlineData("ProtocolRules rules = Parse(key);", "ProtocolRules")]
    public void Scan_of_sources_finds_each_way_to_reach_a_rule(string source, string mention) => Assert.Contains(mention, RuleMentions.InSource(source));

    [Fact]
    public void Scan_of_sources_lets_the_correct_rules_pass() => Assert.Empty(RuleMentions.InSource("cluster.Run(s, ProtocolRules.Correct, 5, 5, [])"));

    [Fact]
    public void Scan_of_assemblies_finds_the_simulator() =>
        Assert.Contains("CoreOptions.set_Rules", RuleMentions.InAssembly(Path.Combine(AppContext.BaseDirectory, "GroupComm.Testing.dll")));

    private static string Here([CallerFilePath] string path = "") => path;
}
