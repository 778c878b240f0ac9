using System;
using System.IO;
using System.Linq;
using GroupComm.Fuzz.Tests.Decoders;
using SharpFuzz;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>A copy of this program in which the decoders count the branches that they run.</summary>
internal static class Instrumented
{
    /// <returns>The program to start.</returns>
    public static string Make(string folder)
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
        foreach (string assembly in Decoder.All().SelectMany(decoder => decoder.Assemblies).Distinct())
            _ = Fuzzer.Instrument(Path.Combine(folder, assembly + ".dll"), _ => true, Options.Value).ToList();
        return Path.Combine(folder, Path.GetFileName(typeof(Instrumented).Assembly.Location));
    }
}
