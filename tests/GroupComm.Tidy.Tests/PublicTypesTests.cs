using System.Linq;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class PublicTypesTests
{
    [Fact]
    public void Every_public_type_is_in_the_namespace_of_the_product() =>
        Repository.AssertNone(Repository.Sources("src").SelectMany(file => PublicTypes.Check(file.Path, file.Text)));

    [Theory]
    [InlineData("namespace GroupComm.Runtime;\n\npublic sealed class Loop { }")]
    [InlineData("namespace GroupComm.Runtime\n{\n    public readonly record struct Id(int Value);\n}")]
    [InlineData("public interface IStray { }")]
    public void A_public_type_elsewhere_is_found(string text) => Assert.Single(PublicTypes.Check("planted.cs", text));

    [Theory]
    [InlineData("namespace GroupComm;\n\npublic sealed class Node { }")]
    [InlineData("namespace Microsoft.Extensions.DependencyInjection;\n\npublic static class Extensions { }")]
    [InlineData("namespace GroupComm.Runtime;\n\ninternal sealed class Loop { public enum Step { One } }")]
    [InlineData("namespace GroupComm.Runtime;\n\n// public class Loop\ninternal sealed class Loop { }")]
    public void What_is_in_its_place_passes(string text) => Assert.Empty(PublicTypes.Check("clean.cs", text));
}
