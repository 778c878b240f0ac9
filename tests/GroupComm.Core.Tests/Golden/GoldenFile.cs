using System;
using System.IO;
using System.Runtime.CompilerServices;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>
/// A story that was read by a person and is compared byte for byte. A story that changes is read again, then written anew
/// with UPDATE_GOLDEN=1.
/// </summary>
internal static class GoldenFile
{
    /// <param name="name">File name without its end.</param>
    /// <param name="about">Two to four lines that tell the story.</param>
    /// <param name="scenario">The story, played.</param>
    public static void Check(string name, string about, Scenario scenario)
    {
        string told = "# " + about.ReplaceLineEndings("\n").Replace("\n", "\n# ", StringComparison.Ordinal) + "\n\n" + scenario.Log;
        string? broken = scenario.End();
        string path = Path.Combine(Folder(), name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, told);
        Assert.Null(broken);
        Assert.True(File.Exists(path), $"{name}.txt is missing: write it with UPDATE_GOLDEN=1");
        Assert.Equal(File.ReadAllText(path), told);
    }

    public static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
