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

    // What a build with -p:Mutants=true has besides, for images that the tests with containers must see through.
    private static readonly string[] MutantBuild =
        ["GroupComm.Runtime/Node/MutantRules.cs", "GroupComm.Runtime/Node/NodeStart.cs", "GroupComm.Daemon/Serve/MutantOption.cs", "GroupComm.Daemon/Serve/ServeCommand.cs"];

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
            string normal = RuleMentions.InNormalBuild(text);
            if (normal.Contains("MUTANTS", StringComparison.Ordinal))
                found.Add($"{string.Join('/', parts)}: a condition on MUTANTS of a form that this scan does not know");
            if (normal.Length < text.Length)
                Assert.Contains(string.Join('/', parts), MutantBuild);
            found.AddRange(RuleMentions.InSource(normal).Select(mention => $"{string.Join('/', parts)}: {mention}"));
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

    [Theory]
    [InlineData("a\n#if MUTANTS\nRules = x;\n#endif\nb", "a\nb")]
    [InlineData("#if MUTANTS\nx\n#else\nRules = y;\n#endif\n", "#if MUTANTS\nx\n#else\nRules = y;\n#endif\n")]
    [InlineData("#if !MUTANTS\nRules = y;\n#endif\n", "#if !MUTANTS\nRules = y;\n#endif\n")]
    public void Only_what_a_mutant_build_alone_compiles_is_passed_over(string source, string normal) => Assert.Equal(normal, RuleMentions.InNormalBuild(source));

    [Fact]
    public void Scan_of_sources_lets_the_correct_rules_pass() => Assert.Empty(RuleMentions.InSource("cluster.Run(s, ProtocolRules.Correct, 5, 5, [])"));

    [Fact]
    public void Scan_of_assemblies_finds_the_simulator() =>
        Assert.Contains("CoreOptions.set_Rules", RuleMentions.InAssembly(Path.Combine(AppContext.BaseDirectory, "GroupComm.Testing.dll")));

    private static string Here([CallerFilePath] string path = "") => path;
}
