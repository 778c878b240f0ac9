using System.Diagnostics;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Submit;

namespace GroupComm.Runtime.Telemetry;

/// <summary>When a traced message came from its link (0: it is an own one) and when it was handed to the members here.</summary>
internal sealed record Handover(long Arrived, long Delivered);

/// <summary>How spans begin. A message that nobody samples gets no span, and its header no context.</summary>
internal static class Spans
{
    public const string Multicast = "groupcomm.multicast";
    public const string Handle = "groupcomm.handle";

    /// <summary>The span of a multicast: it lives longer than the call, so it is not left as the current one.</summary>
    public static Activity? Begin(NodeTelemetry node, in SendRequest request)
    {
        Activity? current = Activity.Current;
        Activity? activity = NodeTelemetry.Source.StartActivity(Multicast, ActivityKind.Producer);
        Activity.Current = current;
        if (activity is null)
            return null;
        if (!activity.Recorded)
        {
            activity.Stop();
            return null;
        }
        activity.SetTag(Tags.Cluster, node.Cluster).SetTag(Tags.Node, node.Node).SetTag(Tags.Order, Tags.Orders[(int)request.Order]);
        activity.SetTag("groupcomm.message.size", request.Payload.Length);
        if (request.TypeId is not null)
            activity.SetTag("groupcomm.message.type", request.TypeId);
        return activity;
    }

    /// <summary>The span of a handler's call: child of the multicast, wherever that was sent. It is the current one in the handler.</summary>
    public static Activity? Begin(NodeTelemetry node, DeliveryUnit unit, Handover handover, Member member)
    {
        if (!ActivityContext.TryParse(unit.Segment.TraceParent, null, isRemote: true, out ActivityContext parent))
            return null;
        Activity? activity = NodeTelemetry.Source.StartActivity(Handle, ActivityKind.Consumer, parent);
        if (activity is null)
            return null;
        activity.SetTag(Tags.Cluster, node.Cluster).SetTag(Tags.Node, node.Node).SetTag(Tags.Order, Tags.Orders[(int)unit.Segment.Order]);
        activity.SetTag("groupcomm.group", member.Handle.Name).SetTag("groupcomm.member", member.Name);
        activity.SetTag("groupcomm.sender", unit.Streams.Nodes[unit.Rank].ToString());
        activity.SetTag("groupcomm.message.view", unit.Streams.Key.Id).SetTag("groupcomm.message.sequence", unit.First);
        if (handover.Arrived != 0)
            activity.SetTag("groupcomm.hold_wait", Stopwatch.GetElapsedTime(handover.Arrived, handover.Delivered).TotalSeconds);
        activity.SetTag("groupcomm.queue_wait", Stopwatch.GetElapsedTime(handover.Delivered).TotalSeconds);
        return activity;
    }

    public static bool IsTraced(Bundle bundle)
    {
        foreach (ref readonly Segment segment in bundle.Segments)
            if (segment.TraceParent is not null)
                return true;
        return false;
    }
}
