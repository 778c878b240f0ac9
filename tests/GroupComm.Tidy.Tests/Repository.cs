using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace GroupComm.Tidy.Tests;

/// <summary>The files of the repository as they lie on disk, without what builds leave behind.</summary>
internal static class Repository
{
    private static readonly HashSet<string> s_output = new(StringComparer.Ordinal)
    {
        "bin", "obj", ".git", ".vs", ".idea", "artifacts", "TestResults", "node_modules", "target", "__pycache__",
    };

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file, with its path relative to the root, in ordinal order.</summary>
    public static IEnumerable<(string Path, string Text)> TextFiles(Func<string, bool> wanted)
    {
        foreach (string path in Files().Where(wanted))
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(Root, path));
            if (!bytes.AsSpan().Contains((byte)0))
                yield return (path, Encoding.UTF8.GetString(bytes));
        }
    }

    public static IEnumerable<(string Path, string Text)> Sources(params string[] folders) =>
        TextFiles(path => path.EndsWith(".cs", StringComparison.Ordinal)
            && folders.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)));

    public static IEnumerable<(string Path, string Text)> Projects() =>
        TextFiles(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    public static IEnumerable<string> Files() => Walk(Root)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    public static IEnumerable<string> TopLevelNames() => Directory.EnumerateFileSystemEntries(Root)
        .Select(path => Path.GetFileName(path))
        .Where(name => !s_output.Contains(name));

    public static void AssertNone(IEnumerable<Finding> findings)
    {
        string all = string.Join('\n', findings);
        Assert.True(all.Length == 0, all);
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            if (!s_output.Contains(Path.GetFileName(file)))
                yield return file;
        foreach (string inner in Directory.EnumerateDirectories(folder))
            if (!s_output.Contains(Path.GetFileName(inner)))
                foreach (string file in Walk(inner))
                    yield return file;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GroupComm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("GroupComm.sln is in no parent folder of the tests");
    }
}
