using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;

namespace GroupComm.Client.Puppet;

/// <summary>Standard output, a JSON object a line.</summary>
internal static class Lines
{
    private static readonly Lock s_lock = new();
    private static readonly StreamWriter s_output = new(Console.OpenStandardOutput()) { AutoFlush = true };

    public static void Say(JsonObject line)
    {
        lock (s_lock)
            s_output.WriteLine(line.ToJsonString());
    }
}
