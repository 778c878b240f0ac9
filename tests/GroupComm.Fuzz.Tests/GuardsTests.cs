using System;
using System.IO;
using System.Linq;
using GroupComm.Fuzz.Tests.Guards;
using Xunit;

namespace GroupComm.Fuzz.Tests;

/// <summary>The list of guards is about the source as it is, and the record has each of them. <c>dotnet cake --target=Guards</c> takes them out.</summary>
public sealed class GuardsTests
{
    public static TheoryData<string> Names => [.. Guard.All().Select(guard => guard.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Each_guard_is_where_the_list_says_and_a_test_has_failed_without_it(string name)
    {
        Guard guard = Guard.All().Single(each => each.Name == name);
        foreach (GuardPlace place in guard.Places)
            Assert.True(place.Count(File.ReadAllText(Path.Combine(Guard.Root, place.File))) == 1, $"{place.File} has '{place.With}' not once: correct guards.json, and run dotnet cake --target=Guards");
        string row = File.ReadLines(Guard.Record).Single(line => line.Contains($"| {name}: ", StringComparison.Ordinal));
        Assert.Contains(guard.Places[0].Shown, row, StringComparison.Ordinal);
        Assert.DoesNotContain("**", row, StringComparison.Ordinal);
    }
}
