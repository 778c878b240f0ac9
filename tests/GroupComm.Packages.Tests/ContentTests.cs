using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace GroupComm.Packages.Tests;

/// <summary>What is in the packages, and what they say of themselves.</summary>
public sealed class ContentTests(Feed feed)
{
    /// <summary>The rooms that travel in the package GroupComm.</summary>
    private static readonly string[] s_inside = ["Core", "Hosting", "Runtime", "Transport.Tcp", "Wire"];

    [Fact]
    public void These_packages_and_no_others() =>
        Assert.Equal(["GroupComm", "GroupComm.Abstractions", "GroupComm.Analyzers", "GroupComm.Client", "GroupComm.Testcontainers", "GroupComm.Testing", "GroupComm.Tool"], feed.Ids());

    [Fact]
    public void The_one_to_install_contains_the_inner_rooms() =>
        Assert.Equal(s_inside.Select(room => $"GroupComm.{room}"), Libraries("GroupComm"));

    [Theory]
    [InlineData("GroupComm.Abstractions")]
    [InlineData("GroupComm.Client")]
    [InlineData("GroupComm.Testcontainers")]
    [InlineData("GroupComm.Testing")]
    public void A_room_with_a_package_of_its_own_is_alone_in_it(string id) => Assert.Equal([id], Libraries(id));

    [Fact]
    public void It_depends_on_the_contract_in_the_same_version_and_on_what_the_inner_rooms_use() => DependsOnTheContractAndWhatIsUsedBy("GroupComm", s_inside);

    [Fact]
    public void The_client_depends_on_the_contract_in_the_same_version_and_on_what_it_uses() => DependsOnTheContractAndWhatIsUsedBy("GroupComm.Client", "Client");

    private void DependsOnTheContractAndWhatIsUsedBy(string id, params string[] rooms)
    {
        Dictionary<string, string> expected = new() { ["GroupComm.Abstractions"] = $"[{feed.Version}]" };
        XDocument pins = XDocument.Load(Path.Combine(Feed.Repository, "Directory.Packages.props"));
        foreach (string room in rooms)
            foreach (XElement used in Elements(XDocument.Load(Path.Combine(Feed.Repository, "src", $"GroupComm.{room}", $"GroupComm.{room}.csproj")), "PackageReference"))
            {
                string package = (string)used.Attribute("Include")!;
                expected[package] = (string)Elements(pins, "PackageVersion").Single(pin => (string?)pin.Attribute("Include") == package).Attribute("Version")!;
            }
        Assert.Equal(expected, Dependencies(id));
    }

    [Fact]
    public void The_kit_depends_on_the_same_version_alone() =>
        Assert.Equal(new Dictionary<string, string> { ["GroupComm"] = $"[{feed.Version}]" }, Dependencies("GroupComm.Testing"));

    [Fact]
    public void The_contract_the_analyzers_and_the_tool_depend_on_nothing()
    {
        Assert.Empty(Dependencies("GroupComm.Analyzers"));
        Assert.Empty(Dependencies("GroupComm.Abstractions"));
        Assert.Empty(Dependencies("GroupComm.Tool"));
    }

    [Fact]
    public void Each_says_what_it_is_and_under_which_licence()
    {
        foreach (string id in feed.Ids())
        {
            XDocument nuspec = Nuspec(id);
            Assert.Equal("MIT", Elements(nuspec, "license").Single().Value);
            Assert.Equal("README.md", Elements(nuspec, "readme").Single().Value);
            Assert.NotEmpty(Elements(nuspec, "description").Single().Value);
            Assert.Contains("virtual-synchrony", Elements(nuspec, "tags").Single().Value);
            Assert.Contains("README.md", Entries(id, "nupkg"));
        }
    }

    [Fact]
    public void Every_library_has_its_documentation_and_its_symbols()
    {
        foreach (string id in feed.Ids())
            foreach (string library in Entries(id, "nupkg").Where(entry => IsOurs(entry)))
            {
                Assert.Contains(Path.ChangeExtension(library, "xml"), Entries(id, "nupkg"));
                Assert.Contains(Path.ChangeExtension(library, "pdb"), Entries(id, "snupkg"));
            }
    }

    /// <summary>The compiler's plug-ins are nothing to compile against or to step into.</summary>
    private static bool IsOurs(string entry) =>
        entry.Contains("/GroupComm.", StringComparison.Ordinal) && entry.EndsWith(".dll", StringComparison.Ordinal) && !entry.StartsWith("analyzers/", StringComparison.Ordinal);

    private IEnumerable<string> Libraries(string id) => Entries(id, "nupkg")
        .Where(entry => entry.StartsWith("lib/", StringComparison.Ordinal) && entry.EndsWith(".dll", StringComparison.Ordinal))
        .Select(Path.GetFileNameWithoutExtension)
        .Order(StringComparer.Ordinal)!;

    private Dictionary<string, string> Dependencies(string id) => Elements(Nuspec(id), "dependency")
        .ToDictionary(dependency => (string)dependency.Attribute("id")!, dependency => (string)dependency.Attribute("version")!);

    private XDocument Nuspec(string id)
    {
        using ZipArchive package = feed.Open(id);
        using Stream text = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(text);
    }

    private List<string> Entries(string id, string extension)
    {
        using ZipArchive package = feed.Open(id, extension);
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    private static IEnumerable<XElement> Elements(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);
}
