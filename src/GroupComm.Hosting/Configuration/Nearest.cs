using System;
using System.Collections.Generic;
using System.Linq;

namespace GroupComm.Hosting.Configuration;

/// <summary>What somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The nearest known key, or all of them when none is near.</summary>
    public static string Hint(string key, IEnumerable<string> known)
    {
        string[] keys = [.. known];
        string? best = keys.OrderBy(each => Distance(key, each)).FirstOrDefault();
        return best is not null && Distance(key, best) <= Math.Max(2, key.Length / 3)
            ? $"; did you mean {best}?"
            : $"; options are {string.Join(", ", keys)}";
    }

    /// <summary>How many letters to change, add or drop; case does not count.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
