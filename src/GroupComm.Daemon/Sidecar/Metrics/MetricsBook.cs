using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;

namespace GroupComm.Daemon.Sidecar.Metrics;

/// <summary>One series: an instrument with certain tags.</summary>
internal sealed class Series(Instrument instrument, KeyValuePair<string, object?>[] tags, double[]? bounds)
{
    public Instrument Instrument => instrument;

    public KeyValuePair<string, object?>[] Tags => tags;

    public double[]? Bounds => bounds;

    /// <summary>Of a counter or gauge.</summary>
    public double Value { get; set; }

    /// <summary>Of a histogram: one more than bounds.</summary>
    public long[] Counts { get; } = bounds is null ? [] : new long[bounds.Length + 1];

    public double Sum { get; set; }

    public bool IsCounter => instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal);
}

/// <summary>
/// Collects what the meter <c>GroupComm</c> of this process says, for <c>/metrics</c> and the live page. A listener of .NET's own:
/// the daemon needs no package for it.
/// </summary>
internal sealed class MetricsBook : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(Instrument Instrument, string Tags), Series> _series = [];

    public MetricsBook()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == GroupCommTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.MeasurementsCompleted = (instrument, _) =>
        {
            lock (_lock)
                foreach (var key in _series.Keys.Where(key => key.Instrument == instrument).ToArray())
                    _series.Remove(key);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The series by name and tags, as of now.</summary>
    public T Read<T>(Func<IReadOnlyList<Series>, T> read)
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
            return read([.. _series.OrderBy(each => each.Key.Instrument.Name, StringComparer.Ordinal).ThenBy(each => each.Key.Tags, StringComparer.Ordinal).Select(each => each.Value)]);
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string key = "";
        foreach ((string name, object? tag) in tags)
            key += $"{name}={tag};";
        lock (_lock)
        {
            if (!_series.TryGetValue((instrument, key), out Series? series))
                _series.Add((instrument, key), series = new Series(instrument, tags.ToArray(), Bounds(instrument)));
            if (series.Bounds is { } bounds)
            {
                int at = 0;
                while (at < bounds.Length && value > bounds[at])
                    at++;
                series.Counts[at]++;
                series.Sum += value;
            }
            else if (instrument.IsObservable || !series.IsCounter)
            {
                series.Value = value;
            }
            else
            {
                series.Value += value;
            }
        }
    }

    private static double[]? Bounds(Instrument instrument) => instrument is Histogram<double> histogram
        ? [.. histogram.Advice?.HistogramBucketBoundaries ?? [0.001, 0.01, 0.1, 1, 10]]
        : null;
}
