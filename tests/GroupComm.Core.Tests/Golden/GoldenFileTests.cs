using System;
using System.IO;
using System.Linq;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

public sealed class GoldenFileTests
{
    [Fact]
    public void Every_golden_file_has_a_story_that_plays_it_and_begins_with_its_telling()
    {
        string stories = string.Concat(Directory.GetFiles(GoldenFile.Folder(), "*.cs").Select(File.ReadAllText));
        string[] files = Directory.GetFiles(GoldenFile.Folder(), "*.txt");
        Assert.True(files.Length >= 15);
        foreach (string file in files)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            Assert.True(
                stories.Contains($"\"{name}\"", StringComparison.Ordinal) || stories.Contains($"\"{name.TrimEnd('3', '4')}{{n}}\"", StringComparison.Ordinal),
                $"no story plays {name}.txt");
            Assert.InRange(File.ReadLines(file).TakeWhile(static line => line.StartsWith("# ", StringComparison.Ordinal)).Count(), 1, 4);
        }
    }
}
