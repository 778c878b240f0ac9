namespace GroupComm;

/// <summary>Names under which every node of a process measures and traces; <c>docs/telemetry.md</c> lists instruments and spans.
/// With OpenTelemetry: <c>AddMeter(GroupCommTelemetry.MeterName)</c>, <c>AddSource(GroupCommTelemetry.ActivitySourceName)</c>.
/// Nothing is measured per message and nothing is added to messages while nobody listens.</summary>
public static class GroupCommTelemetry
{
    /// <summary>The <c>Meter</c> of each node; its measurements carry <c>groupcomm.cluster</c> and <c>groupcomm.node</c>.</summary>
    public const string MeterName = "GroupComm";

    /// <summary>The <c>ActivitySource</c>: a span per multicast at its sender, one per handled message at each member.</summary>
    public const string ActivitySourceName = "GroupComm";
}
