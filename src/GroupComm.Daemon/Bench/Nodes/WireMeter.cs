using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>Bytes that one node sent to all its peers since the begin, as its own meter counts them: everything, not only payload.</summary>
internal sealed class WireMeter : IDisposable
{
    private const string Instrument = "groupcomm.bytes.sent";

    private readonly MeterListener _listener = new();
    private readonly (string Cluster, string Node) _of;
    private long _sum;
    private long _begin;

    public WireMeter(string cluster, string node)
    {
        _of = (cluster, node);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GroupCommTelemetry.MeterName && instrument.Name == Instrument)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Add);
        _listener.Start();
    }

    /// <summary>Counts from now.</summary>
    public void Begin() => _begin = Total();

    public long Bytes() => Total() - _begin;

    public void Dispose() => _listener.Dispose();

    private long Total()
    {
        _sum = 0;
        _listener.RecordObservableInstruments();
        return _sum;
    }

    // A process may host several nodes; the meter of each has its names as tags.
    private void Add(Instrument instrument, long bytes, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        (string? cluster, string? node) = (null, null);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == "groupcomm.cluster")
                cluster = tag.Value as string;
            else if (tag.Key == "groupcomm.node")
                node = tag.Value as string;
        }
        if ((cluster, node) == _of)
            _sum += bytes;
    }
}
