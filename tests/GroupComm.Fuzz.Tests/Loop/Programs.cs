using System;
using System.IO;
using System.Linq;
using GroupComm.Fuzz.Tests.Decoders;
using SharpFuzz;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>Copies of this program, so that a build does not change what searches: as it is, and one in which the decoders count the branches that they run.</summary>
internal sealed record Programs(string Plain, string Instrumented)
{
    public static Programs Make(string root)
    {
        Programs programs = new(Copy(Path.Combine(root, "plain")), Copy(Path.Combine(root, "instrumented")));
        foreach (string assembly in Decoder.All().SelectMany(decoder => decoder.Assemblies).Distinct())
            _ = Fuzzer.Instrument(Path.Combine(root, "instrumented", assembly + ".dll"), _ => true, Options.Value).ToList();
        return programs;
    }

    /// <returns>What to start.</returns>
    private static string Copy(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        string from = AppContext.BaseDirectory;
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(folder, StringComparison.Ordinal)))
        {
            string to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return Path.Combine(folder, Path.GetFileName(typeof(Programs).Assembly.Location));
    }
}
