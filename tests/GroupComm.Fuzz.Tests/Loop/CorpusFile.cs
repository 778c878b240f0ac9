using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>
/// What the repository keeps of a decoder: <c>Corpus/NAME.txt</c>, the shortest inputs that each run something that those before do not (150 at most), and
/// <c>Corpus/NAME.found.txt</c>, inputs that once broke it. One a line, hexadecimal; a line with # says what follows.
/// </summary>
internal static class CorpusFile
{
    public static string Kept(string decoder) => Path.Combine(Folder(), $"{decoder}.txt");

    public static string Found(string decoder) => Path.Combine(Folder(), $"{decoder}.found.txt");

    public static IReadOnlyList<byte[]> Read(string file) => !File.Exists(file) ? []
        : [.. File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(line => line == "-" ? [] : Convert.FromHexString(line))];

    public static void Write(string file, IEnumerable<byte[]> inputs) =>
        File.WriteAllText(file, string.Concat(inputs.Select(input => (input.Length == 0 ? "-" : Convert.ToHexStringLower(input)) + "\n")));

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "../Corpus");
}
