using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;

namespace GroupComm.Runtime.Tests.Telemetry;

/// <summary>Listens to the meters of one cluster: other tests run beside this one in the same process.</summary>
internal sealed class MeterLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(Instrument Instrument, double Value, Dictionary<string, object?> Tags)> _seen = [];

    public MeterLog(string cluster)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GroupCommTelemetry.MeterName && instrument.Meter.Tags!.Any(tag => Equals(tag.Value, cluster)))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<(Instrument Instrument, double Value, Dictionary<string, object?> Tags)> Seen
    {
        get
        {
            lock (_lock)
                return [.. _seen];
        }
    }

    public void Collect() => _listener.RecordObservableInstruments();

    /// <summary>The sum over the last values of an instrument at one node, one per set of tags.</summary>
    public double Last(string instrument, string node, string? value = null) => Seen
        .Where(seen => seen.Instrument.Name == instrument && Equals(seen.Tags["groupcomm.node"], node) && (value is null || seen.Tags.ContainsValue(value)))
        .GroupBy(seen => string.Join(',', seen.Tags.Values)).Sum(same => same.Last().Value);

    public int Count(string instrument, string node) =>
        Seen.Count(seen => seen.Instrument.Name == instrument && Equals(seen.Tags["groupcomm.node"], node));

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
            _seen.Add((instrument, value, tags.ToArray().ToDictionary()));
    }
}
