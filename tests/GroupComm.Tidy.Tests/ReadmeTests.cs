using System.IO;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class ReadmeTests
{
    private const string Source = "{\n    // readme: begin\n    a();\n\n    b();\n    // readme: end\n}\n// readme: begin\nc();\n// readme: end\n";

    [Fact]
    public void The_example_is_the_code_that_compiles() =>
        Repository.AssertNone(Readme.Example(Read("README.md"), Read("tests/GroupComm.Tidy.Tests/ReadmeExample.cs")));

    [Fact]
    public void The_set_up_is_two_commands() => Repository.AssertNone(Readme.Commands(Read("README.md")));

    [Theory]
    [InlineData("# X\n")]
    [InlineData("```csharp\na();\nb();\n```\n")]
    [InlineData("```csharp\na();\nc();\nb();\n```\n")]
    public void Another_example_is_found(string readme) => Assert.Single(Readme.Example(readme, Source));

    [Fact]
    public void The_same_example_passes() => Assert.Empty(Readme.Example("```csharp\na();\nb();\n\nc();\n```\n", Source));

    [Theory]
    [InlineData("```sh\none\n```\n")]
    [InlineData("```sh\none\ntwo\n```\n```sh\nthree\n```\n")]
    public void Another_number_of_commands_is_found(string readme) => Assert.Single(Readme.Commands(readme));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}
