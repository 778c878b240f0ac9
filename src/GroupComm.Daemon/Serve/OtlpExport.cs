using System;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace GroupComm.Daemon.Serve;

/// <summary>Metrics and traces to a collector, over gRPC as the protocol's own port 4317 has it.</summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    public OtlpExport(string url, string node)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("groupcomm", serviceInstanceId: node);
        void Configure(OtlpExporterOptions options) => options.Endpoint = new Uri(url);
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(GroupCommTelemetry.MeterName).AddOtlpExporter(Configure).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(GroupCommTelemetry.ActivitySourceName).AddOtlpExporter(Configure).Build();
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
