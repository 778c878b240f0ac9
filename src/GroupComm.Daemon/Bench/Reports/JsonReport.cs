using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>One object for scripts; the keys are fixed, more may follow.</summary>
internal static class JsonReport
{
    public static void Write(TextWriter output, Machine machine, IReadOnlyList<BenchResult> results) => Json.Write(output, json =>
    {
        json.WriteStartObject("machine");
        json.WriteString("os", machine.Os);
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("cores", machine.Cores);
        json.WriteString("runtime", machine.Runtime);
        json.WriteString("version", machine.Version);
        json.WriteString("date", machine.Date);
        json.WriteNumber("loadPerCore", machine.Load);
        json.WriteEndObject();
        json.WriteStartArray("results");
        foreach (BenchResult result in results)
            One(json, result);
        json.WriteEndArray();
    });

    private static void One(Utf8JsonWriter json, BenchResult result)
    {
        json.WriteStartObject();
        json.WriteString("system", result.System);
        json.WriteNumber("nodes", result.Nodes);
        json.WriteNumber("senders", result.Senders);
        json.WriteNumber("size", result.Size);
        json.WriteString("order", result.Order);
        if (result.Aspect.Length > 0)
            json.WriteString("aspect", result.Aspect);
        if (result.Variant.Length > 0)
            json.WriteString("variant", result.Variant);
        json.WriteNumber("groups", result.Groups);
        json.WriteBoolean("tls", result.Tls);
        Number("keys", result.Keys);
        Number("perNodePerSecond", result.PerNodePerSecond);
        Number("mbPerSecond", result.MbPerSecond);
        Number("cpuMicrosPerDelivery", result.CpuMicrosPerDelivery);
        Number("bytesAllocatedPerMessage", result.BytesAllocatedPerMessage);
        Number("rssMiB", result.RssMiB);
        Number("ratioToRaw", result.RatioToRaw);
        Number("groupcommRatio", result.GroupCommRatio);
        Number("ratioToFirst", result.RatioToFirst);
        Number("wireMbPerSecond", result.WireMbPerSecond);
        Number("wireOverhead", result.WireOverhead);
        Number("loadKept", result.LoadKept);
        Number("idleCpuPercent", result.IdleCpuPercent);
        Number("idleBytesPerSecond", result.IdleBytesPerSecond);
        Number("bytesAllocatedPerSecond", result.BytesAllocatedPerSecond);
        Number("heapBytesPerGroup", result.HeapBytesPerGroup);
        Number("residentBytesPerGroup", result.ResidentBytesPerGroup);
        json.WriteStartArray("deliveredHash");
        foreach (string hash in result.DeliveredHash)
            json.WriteStringValue(hash);
        json.WriteEndArray();
        Times("latency", result.Latency);
        Times("roundTrip", result.RoundTrip);
        Times("viewChange", result.ViewChange);
        Times("stall", result.Stall);
        Times("stateTransfer", result.StateTransfer);
        json.WriteStartArray("rounds");
        foreach (double round in result.Rounds)
            json.WriteNumberValue(round);
        json.WriteEndArray();
        json.WriteEndObject();

        void Number(string name, double? value)
        {
            if (value is { } number)
                json.WriteNumber(name, number);
        }

        void Times(string name, Percentiles? value)
        {
            if (value is null)
                return;
            json.WriteStartObject(name);
            json.WriteNumber("p50", value.P50);
            json.WriteNumber("p99", value.P99);
            json.WriteNumber("p999", value.P999);
            json.WriteEndObject();
        }
    }
}
