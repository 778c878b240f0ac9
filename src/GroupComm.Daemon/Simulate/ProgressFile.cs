using System;
using System.Globalization;
using System.IO;
using System.Text.Json;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Simulate;

/// <summary>
/// How far a long run came, as JSON: which seeds were run, by which build, and what they did. Written after every batch beside
/// the file and then moved over it, so that whatever ends the process leaves a whole file.
/// </summary>
internal sealed class ProgressFile(string path, SimulationPlan plan)
{
    /// <summary>Seeds begin here; what was run goes up to <see cref="Next"/> - 1.</summary>
    public ulong Next { get; private set; } = plan.First;

    public SimulationResult Total { get; } = new();

    /// <summary>Another build plays other schedules under the same seeds. A build of the same sources is the same.</summary>
    private static string Build => $"{typeof(Core.NodeCore).Module.ModuleVersionId:N}-{typeof(SimCluster).Module.ModuleVersionId:N}";

    private string Nodes => string.Create(CultureInfo.InvariantCulture, $"{plan.MinNodes}..{plan.MaxNodes}");

    private string Faults => string.Join(',', System.Linq.Enumerable.Select(plan.Faults, FaultNames.Of));

    /// <summary>Takes over what an earlier process of the same run has done; nothing when there is no file.</summary>
    public void Read()
    {
        if (!File.Exists(path))
            return;
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = json.RootElement;
            Same(root, "build", Build, "another build, which plays other schedules");
            Same(root, "nodes", Nodes, "a run with other --nodes");
            Same(root, "onlyFaults", Faults, "a run with other --faults");
            Same(root, "mutant", plan.Rules.Name, "a run with another --mutant");
            if (root.GetProperty("first").GetUInt64() != plan.First)
                throw new UsageException($"--resume {path} began at seed {root.GetProperty("first").GetUInt64()}: give --seeds from there on, or another file");
            Next = root.GetProperty("next").GetUInt64();
            Total.Schedules = root.GetProperty("schedules").GetInt64();
            Total.Seconds = root.GetProperty("seconds").GetDouble();
            Total.Events = root.GetProperty("events").GetInt64();
            Total.Messages = root.GetProperty("messages").GetInt64();
            Total.Views = root.GetProperty("views").GetInt64();
            Total.Transfers = root.GetProperty("transfers").GetInt64();
            Total.Reordered = root.GetProperty("concurrentPairsReordered").GetInt64();
            for (int i = 0; i < Total.Faults.Length; i++)
            {
                Total.Faults[i] = root.GetProperty("faults")[i].GetInt64();
                for (int j = 0; j < Total.Faults.Length; j++)
                    Total.Pairs[i, j] = root.GetProperty("faultPairs")[(i * Total.Faults.Length) + j].GetInt64();
            }
        }
        catch (Exception e) when (e is JsonException or System.Collections.Generic.KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new UsageException($"--resume {path} is no progress of a run ({e.Message}): give another file, or delete it to begin anew");
        }
    }

    public void Add(SimulationResult batch, ulong next)
    {
        Total.Add(batch);
        Total.Seconds += batch.Seconds;
        Next = next;
        using (var file = new FileStream(path + ".new", FileMode.Create))
        using (var w = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = false }))
            Write(w);
        File.Move(path + ".new", path, overwrite: true);
    }

    private void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteString("build", Build);
        w.WriteString("nodes", Nodes);
        w.WriteString("onlyFaults", Faults);
        w.WriteString("mutant", plan.Rules.Name);
        w.WriteNumber("first", plan.First);
        w.WriteNumber("next", Next);
        w.WriteNumber("schedules", Total.Schedules);
        w.WriteNumber("violations", Total.Violations.Count);
        w.WriteNumber("seconds", Math.Round(Total.Seconds, 3));
        w.WriteNumber("events", Total.Events);
        w.WriteNumber("messages", Total.Messages);
        w.WriteNumber("views", Total.Views);
        w.WriteNumber("transfers", Total.Transfers);
        w.WriteNumber("concurrentPairsReordered", Total.Reordered);
        w.WriteStartArray("faults");
        foreach (long count in Total.Faults)
            w.WriteNumberValue(count);
        w.WriteEndArray();
        w.WriteStartArray("faultPairs");
        foreach (long count in Total.Pairs)
            w.WriteNumberValue(count);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private void Same(JsonElement root, string key, string value, string other)
    {
        if (root.GetProperty(key).GetString() != value)
            throw new UsageException($"--resume {path} is of {other}: give the same again, or another file");
    }
}
