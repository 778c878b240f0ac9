using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;

namespace GroupComm.Daemon.Sidecar;

/// <summary>What the sidecar counts of its clients; instruments beside those of the node (docs/sidecar.md).</summary>
internal sealed class SidecarFigures : IDisposable
{
    private readonly Meter _meter = new(GroupCommTelemetry.MeterName);
    private readonly Counter<long> _requests;
    private long _dropped;
    private long _resumed;

    public SidecarFigures()
    {
        _requests = _meter.CreateCounter<long>("groupcomm.http.requests", "{request}", "HTTP requests, by status");
        _meter.CreateObservableGauge("groupcomm.http.members", () => Members?.Invoke() ?? 0, "{member}", "Client members of this daemon");
        _meter.CreateObservableCounter("groupcomm.http.clients.dropped", () => DroppedCount, "{client}", "Clients that read more slowly than their group sent");
        _meter.CreateObservableCounter("groupcomm.http.clients.resumed", () => Volatile.Read(ref _resumed), "{client}", "Streams that went on where a broken one had ended");
    }

    public Func<int>? Members { get; set; }

    public long DroppedCount => Volatile.Read(ref _dropped);

    public void Dropped() => Interlocked.Increment(ref _dropped);

    public void Resumed() => Interlocked.Increment(ref _resumed);

    public void Answered(int status) => _requests.Add(1, new KeyValuePair<string, object?>("http.response.status_code", status));

    public void Dispose() => _meter.Dispose();
}
