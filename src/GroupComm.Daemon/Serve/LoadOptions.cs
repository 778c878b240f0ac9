using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Serve;

/// <summary>How a node with <c>--load</c> burdens itself and the others; 0 is not at all.</summary>
/// <param name="Bytes">Least size of a message.</param>
/// <param name="HandlerMs">How long its handler takes for a message.</param>
/// <param name="PatienceMs">After how long in one message its member is removed; 0 is the default of a group.</param>
/// <param name="StateMiB">Size of the state that newcomers are given; 0 is none.</param>
/// <param name="StateMs">How long the capture of that state takes.</param>
/// <param name="GarbageMiB">Allocated each second and dropped soon after.</param>
internal sealed record LoadOptions(int Bytes, int HandlerMs, int PatienceMs, int StateMiB, int StateMs, int GarbageMiB)
{
    private static readonly (string Name, int Most)[] s_known =
        [("bytes", 1 << 20), ("handler-ms", 600_000), ("patience-ms", 600_000), ("state-mib", 1024), ("state-ms", 600_000), ("garbage-mib", 10_000)];

    public static string Names { get; } = string.Join(", ", s_known.Select(each => each.Name));

    public static LoadOptions Parse(string load, IEnumerable<string> texts)
    {
        int[] values = new int[s_known.Length];
        foreach (string text in texts)
        {
            string[] pair = text.Split('=', 2);
            int known = Array.FindIndex(s_known, each => each.Name == pair[0]);
            if (known < 0)
                throw new UsageException($"--load '{load}': '{pair[0]}' is unknown: use {Names}");
            if (!int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out values[known]) || values[known] > s_known[known].Most)
                throw new UsageException($"--load '{load}': {pair[0]} is a number, 0 to {s_known[known].Most}");
        }
        return new LoadOptions(values[0], values[1], values[2], values[3], values[4], values[5]);
    }
}
