using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace GroupComm.Testing.Traces;

/// <summary>A fault that a harness injected, or its end.</summary>
/// <param name="Heals">Whether it is the end.</param>
/// <param name="T">Nanoseconds on the harness's clock.</param>
/// <param name="Of">What was hurt.</param>
internal readonly record struct HarnessEvent(bool Heals, long T, string Of);

/// <summary>Reads <c>harness.jsonl</c>: what was done to the processes. No law judges it.</summary>
internal static class HarnessTrace
{
    public const string FileName = "harness.jsonl";

    public static IReadOnlyList<HarnessEvent> Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        return Read(stream, file);
    }

    public static IReadOnlyList<HarnessEvent> Read(Stream stream, string name)
    {
        var events = new List<HarnessEvent>();
        var fields = new LineFields();
        var lines = new JsonLines(stream, name);
        while (lines.TryRead(out ReadOnlySpan<byte> line, out bool complete))
        {
            if (line.Trim(" \t\r"u8).IsEmpty)
                continue;
            try
            {
                fields.Read(line);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                if (!complete)
                    break;
                throw new TraceFormatException(name, lines.Line, e.Message);
            }
            if (fields[fields.Ev] is "fault" or "heal")
                events.Add(new HarnessEvent(fields[fields.Ev] is "heal", fields.T, fields[fields.Of].ToString()));
        }
        return events;
    }
}
