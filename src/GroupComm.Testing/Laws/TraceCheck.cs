using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// <c>groupcomm check FILE…</c>: the verdict over trace files of real runs. Exit 0 and a summary, 1 with the first violation
/// explained, 2 when a file cannot be read. A file named <c>harness.jsonl</c> is read as the harness's own; nothing is expanded.
/// </summary>
internal static class TraceCheck
{
    public static int Run(IReadOnlyList<string> files, TextWriter output, TextWriter error, bool json)
    {
        var history = new History();
        var reader = new TraceReader(history);
        int faults = 0;
        if (files.Count == 0)
        {
            error.WriteLine("groupcomm check: no trace file; name the files that the processes wrote, such as DIR/*.jsonl");
            return 2;
        }
        try
        {
            foreach (string file in files)
            {
                if (string.Equals(Path.GetFileName(file), HarnessTrace.FileName, StringComparison.Ordinal))
                    faults += HarnessTrace.Read(file).Count;
                else
                    reader.Read(file);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error.WriteLine($"groupcomm check: {e.Message.TrimEnd('.')}; name the files that 'serve --trace' or 'demo --trace' wrote");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TraceFormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            error.WriteLine($"groupcomm check: {e.Message}");
            return 2;
        }
        if (history.EventCount == 0)
        {
            error.WriteLine("groupcomm check: the files hold no trace event; was the run started with --trace?");
            return 2;
        }
        var checker = new LawChecker();
        Verdict verdict = checker.Check(history);
        ReorderingCount reordering = checker.CountReordering();
        if (json)
            WriteJson(verdict, history, reordering, output);
        else
            WriteText(verdict, history, reordering, faults, output);
        return verdict.Ok ? 0 : 1;
    }

    private static void WriteText(Verdict verdict, History history, ReorderingCount reordering, int faults, TextWriter output)
    {
        var c = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(c, $"{verdict.Processes} processes, {verdict.Events:N0} events, {faults} harness lines"));
        output.WriteLine(string.Create(c, $"concurrent causal messages delivered in different order: {reordering.ConcurrentPairs:N0} pairs at most {reordering.Reach} apart, {reordering.CausalInversions:N0} causal inversions"));
        if (verdict.Ok)
        {
            output.WriteLine("every safety law is kept");
            return;
        }
        for (int i = 0; i < verdict.Laws.Count; i++)
            if (verdict.CountAt(i) > 0)
                output.WriteLine(string.Create(c, $"{verdict.Laws[i].Id} {verdict.Laws[i].Name}: broken {verdict.CountAt(i):N0} times"));
        output.WriteLine("the first of them:");
        output.WriteLine(verdict.Explain(history));
    }

    private static void WriteJson(Verdict verdict, History history, ReorderingCount reordering, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(buffer))
        {
            w.WriteStartObject();
            w.WriteNumber("processes", verdict.Processes);
            w.WriteNumber("events", verdict.Events);
            w.WriteStartObject("laws");
            for (int i = 0; i < verdict.Laws.Count; i++)
                if (verdict.Laws[i].Id.StartsWith("VS-", StringComparison.Ordinal))
                    w.WriteNumber(verdict.Laws[i].Id, verdict.CountAt(i));
            w.WriteEndObject();
            w.WriteStartArray("violations");
            foreach (Violation v in verdict.Violations)
            {
                w.WriteStartObject();
                w.WriteString("law", v.Law);
                w.WriteString("text", v.Text);
                w.WriteStartArray("events");
                foreach (EventRef e in v.Events)
                    w.WriteStringValue(history.Processes[e.Process].Where(e.Event));
                w.WriteEndArray();
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteNumber("concurrentPairsReordered", reordering.ConcurrentPairs);
            w.WriteNumber("causalInversions", reordering.CausalInversions);
            w.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
