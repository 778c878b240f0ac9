using System;
using System.Buffers;
using System.IO;
using System.Text;
using System.Text.Json;

namespace GroupComm.Daemon.Latency;

/// <summary>docs/latency.html: a page of its own, with a slider for the year. Every year's figures are in it; the page computes nothing.</summary>
internal static class LatencyPage
{
    public static string Html(int nodes, TimeSpan detection)
    {
        using Stream template = typeof(LatencyPage).Assembly.GetManifestResourceStream("latency.html") ?? throw new InvalidOperationException("the template is not in the executable");
        using var reader = new StreamReader(template);
        return reader.ReadToEnd().Replace("\"{years}\"", Years(nodes, detection), StringComparison.Ordinal);
    }

    private static string Years(int nodes, TimeSpan detection)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (int year = YearModel.First; year <= YearModel.Last; year++)
            {
                json.WriteStartObject();
                json.WriteNumber("year", year);
                json.WriteStartArray("numbers");
                foreach (KnownNumber number in YearModel.All)
                    Row(json, number.Name, number.In(year));
                json.WriteEndArray();
                json.WriteStartArray("near");
                foreach (Predicted each in Prediction.In(year, nodes, detection))
                    Row(json, each.Name, each.DataCenter);
                json.WriteEndArray();
                json.WriteStartArray("far");
                foreach (Predicted each in Prediction.In(year, nodes, detection))
                    Row(json, each.Name, each.Ocean);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Row(Utf8JsonWriter json, string name, double nanoseconds)
    {
        json.WriteStartArray();
        json.WriteStringValue(name);
        json.WriteNumberValue(double.Parse(nanoseconds.ToString("G4", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndArray();
    }
}
