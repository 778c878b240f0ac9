using System.Collections.Generic;
using System.Globalization;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>One event as a person would say it.</summary>
internal static class EventText
{
    public static string Describe(History history, EventRef at)
    {
        ProcessTrace trace = history.Processes[at.Process];
        ref readonly TraceEvent e = ref trace[at.Event];
        string who = e.Member >= 0 ? history.MemberName(e.Member) : trace.Id.ToString();
        string group = e.Group >= 0 ? history.GroupName(e.Group) : "-";
        return e.Kind switch
        {
            TraceKind.Start => $"{who} started",
            TraceKind.View => Inv($"{who} installed view {e.View} of {Processes(history, e)}"),
            TraceKind.GroupView => Inv($"{who} installed view {e.GroupClusterView}.{e.GroupNumber} of group {group}, members {Members(history, e)}"),
            TraceKind.Send => Inv($"{who} sent {Message(history, e)} ({Order(e)}, group {group}) in view {e.View}, group view {e.GroupClusterView}.{e.GroupNumber}"),
            TraceKind.Deliver => Inv($"{who} delivered {Message(history, e)} ({Order(e)}, group {group}) in view {e.View}, group view {e.GroupClusterView}.{e.GroupNumber}, number {e.Number}"),
            TraceKind.Ack => Inv($"{who} learned that {Message(history, e)} is {Stage(e)}"),
            TraceKind.State => Inv($"{who} {e.Role switch { StateRole.Donor => "gave", StateRole.Joiner => "restored", _ => "had" }} the state {e.Hash:x16} of group {group} at view {e.GroupClusterView}.{e.GroupNumber}"),
            TraceKind.Read => Inv($"{who} read group {group}"),
            TraceKind.Primary => e.Flag ? $"{who} is primary" : $"{who} is not primary",
            TraceKind.Excluded => Inv($"{who} learned that view {e.View} excluded it"),
            TraceKind.Leave => e.Group < 0 ? $"{who} leaves the cluster" : $"{who} leaves group {group}",
            TraceKind.Wedge => Inv($"{who} wedged view {e.View}"),
            TraceKind.Suspect => Inv($"{who} suspects {(e.Sender >= 0 ? history.Processes[e.Sender].Id.ToString() : "-")}"),
            TraceKind.HandleBegin => $"{who} began to handle {Handled(history, e)}",
            TraceKind.HandleEnd => $"{who} had handled {Handled(history, e)}",
            TraceKind.Stop => $"{who} stopped",
            _ => throw new System.ArgumentOutOfRangeException(nameof(at), e.Kind, "not a kind of event"),
        };
    }

    private static string Processes(History history, in TraceEvent e)
    {
        var names = new List<string>();
        if (e.Detail >= 0)
            foreach (int process in history.Detail(e.Detail).Members)
                names.Add(history.Processes[process].Id.ToString());
        return names.Count == 0 ? "nobody" : string.Join(" ", names);
    }

    private static string Members(History history, in TraceEvent e)
    {
        var names = new List<string>();
        if (e.Detail >= 0)
            foreach (int member in history.Detail(e.Detail).Members)
                names.Add(history.MemberName(member));
        return names.Count == 0 ? "none" : string.Join(" ", names);
    }

    private static string Message(History history, in TraceEvent e) =>
        Inv($"{(e.Sender >= 0 ? history.Processes[e.Sender].Id.ToString() : "-")}:{e.MessageView}:{e.Sequence}");

    private static string Handled(History history, in TraceEvent e) =>
        e.Sender >= 0 ? Message(history, e) : Inv($"group view {e.MessageView}.{e.Sequence} of {history.GroupName(e.Group)}");

    private static string Order(in TraceEvent e) => e.Order switch
    {
        DeliveryOrder.Fifo => "fifo",
        DeliveryOrder.Causal => "causal",
        DeliveryOrder.Agreed => "agreed",
        DeliveryOrder.Safe => "safe",
        _ => "no order",
    };

    private static string Stage(in TraceEvent e) => e.Stage switch
    {
        TraceStage.Delivered => "delivered",
        TraceStage.Safe => "safe",
        TraceStage.Durable => "durable",
        _ => "at no stage",
    };

    private static string Inv(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
