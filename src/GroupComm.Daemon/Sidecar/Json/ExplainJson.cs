using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using GroupComm.Core.Inspection;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Inspection;

namespace GroupComm.Daemon.Sidecar.Json;

/// <summary>What waits, and why, in words and in numbers.</summary>
internal sealed class ExplainJson(IGroupCommNode node, string cluster, RuntimeInspection look)
{
    private readonly NodeInspection _core = look.Core;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("cluster", cluster);
        json.WriteString("node", node.Id.ToString());
        if (_core.View is { } view)
            json.WriteNumber("view", view.Id);
        else
            json.WriteNull("view");
        json.WriteBoolean("primary", node.IsPrimary);
        json.WriteStartArray("summary");
        foreach (string line in Summary())
            json.WriteStringValue(line);
        json.WriteEndArray();
        Facts(json);
    }

    /// <summary>The parts for programs.</summary>
    public void Facts(Utf8JsonWriter json)
    {
        Waiting(json);
        Stability(json);
        Flow(json);
        json.WriteStartObject("order");
        json.WriteNumber("assigned", _core.Orders.Assigned);
        json.WriteNumber("held", _core.Orders.Acknowledged);
        json.WriteNumber("safe", _core.Orders.Safe);
        json.WriteNumber("delivered", _core.Orders.Delivered);
        json.WriteEndObject();
        json.WriteStartArray("groupChanges");
        foreach (GroupChangeInspection change in _core.Groups)
        {
            json.WriteStartObject();
            json.WriteString("group", change.Name);
            json.WriteNumber("changes", change.Changes);
            Nodes(json, "missing", change.Missing);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Change(json);
    }

    public IEnumerable<string> Summary()
    {
        if (!node.IsPrimary)
            yield return $"not in a primary view: {node.Waiting ?? _core.Seeking ?? "this node does not hear a quorum"}";
        if (_core.Change is { } change)
            yield return $"the view is changing{(change.Wedged ? ": nothing is sent or delivered until the next one" : "")}"
                + (change.Unanswered != 0 ? $"; this node's ballot waits for {Names(change.Unanswered)}" : change.Proposer is { } by ? $"; {by} proposes" : "");
        foreach (MemberInspection member in _core.Members)
            if (member.Suspicion is { } reason)
                yield return $"{member.Node.Id} is suspected: {reason}";
        foreach (GroupChangeInspection open in _core.Groups)
            yield return $"group '{open.Name}' waits for the marks of {Names(open.Missing)} before its next view ({open.Changes} joins and leaves)";
        if (_core.ChangesWaiting > 0)
            yield return $"{_core.ChangesWaiting} joins or leaves of this node wait for a primary view";
        foreach (WaitingMessage message in _core.Waiting.Where(each => each.Reason != WaitReason.Stream).Take(8))
            yield return $"{Id(message)} ({CommandLine.Orders.Name(message.Order)}{InGroup(message)}) {Text(message)}";
        if (look.SendsWaiting > 0)
            yield return $"{look.SendsWaiting} sends of this node wait for admission: {_core.Flow.Used} of {_core.Flow.Limit} bytes of the window are not consumed"
                + (_core.Flow.HeldBackBy != 0 ? $" by {Names(_core.Flow.HeldBackBy)}" : "");
        if (look.SlowestMember is { Items: > 100 } slow)
            yield return $"member '{slow.Member}' of group '{slow.Group}' on this node has {slow.Items} items in its queue";
    }

    private void Waiting(Utf8JsonWriter json)
    {
        json.WriteNumber("undelivered", _core.WaitingCount);
        json.WriteStartArray("waiting");
        foreach (WaitingMessage message in _core.Waiting)
        {
            json.WriteStartObject();
            json.WriteString("message", Id(message));
            json.WriteNumber("count", message.Count);
            json.WriteString("sender", _core.Members[message.Rank].Node.Id.ToString());
            json.WriteString("group", look.Groups.GetValueOrDefault(message.Group));
            json.WriteString("kind", message.Kind == SegmentKind.Application ? "message" : "membership");
            json.WriteString("order", CommandLine.Orders.Name(message.Order));
            json.WriteString("reason", Name(message.Reason));
            json.WriteString("text", Text(message));
            Nodes(json, "on", message.On);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Stability(Utf8JsonWriter json)
    {
        json.WriteStartArray("stability");
        foreach (MemberInspection member in _core.Members)
        {
            json.WriteStartObject();
            json.WriteString("sender", member.Node.Id.ToString());
            json.WriteNumber("received", member.Received);
            json.WriteNumber("held", member.Held);
            json.WriteNumber("delivered", member.Delivered);
            json.WriteNumber("stable", member.Stable);
            Nodes(json, "heldBackBy", member.HeldBackBy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Flow(Utf8JsonWriter json)
    {
        json.WriteStartObject("flow");
        json.WriteNumber("used", _core.Flow.Used);
        json.WriteNumber("limit", _core.Flow.Limit);
        json.WriteNumber("sendsWaiting", look.SendsWaiting);
        Nodes(json, "heldBackBy", _core.Flow.HeldBackBy);
        json.WriteEndObject();
    }

    private void Change(Utf8JsonWriter json)
    {
        if (_core.Change is not { } change)
        {
            json.WriteNull("viewChange");
            return;
        }
        json.WriteStartObject("viewChange");
        json.WriteBoolean("wedged", change.Wedged);
        json.WriteNumber("sinceMs", change.Since);
        json.WriteString("ballot", change.Ballot);
        json.WriteString("proposer", change.Proposer?.ToString());
        Nodes(json, "unanswered", change.Unanswered);
        Nodes(json, "leaving", change.Leaving);
        json.WriteEndObject();
    }

    private string Text(WaitingMessage message) => message.Reason switch
    {
        WaitReason.Stream => "waits for an earlier message of its sender",
        WaitReason.Fragments => "is large, and its rest is not here yet",
        WaitReason.Causal => $"waits for its causal predecessor {Names(message.On)}:{message.Until}",
        WaitReason.Order when message.Until == 0 => $"has no number yet: {Names(message.On)} assigns it",
        WaitReason.Order => $"waits for number {message.Until}, which is of {Names(message.On)}",
        WaitReason.Stability => $"is number {message.Until} and waits until more than half of the view hold it; not yet known of {Names(message.On)}",
        WaitReason.ViewChange => "waits for the end of the view: what is delivered in it is being agreed",
        _ => throw new InvalidOperationException($"unknown reason {message.Reason}"),
    };

    private static string Name(WaitReason reason) => reason switch
    {
        WaitReason.Stream => "stream",
        WaitReason.Fragments => "fragments",
        WaitReason.Causal => "causal",
        WaitReason.Order => "order",
        WaitReason.Stability => "stability",
        WaitReason.ViewChange => "view-change",
        _ => throw new InvalidOperationException($"unknown reason {reason}"),
    };

    private string Id(WaitingMessage message) => new MessageId(_core.Members[message.Rank].Node.Id, _core.View!.Value.Id, message.First).ToString();

    private string InGroup(WaitingMessage message) => look.Groups.GetValueOrDefault(message.Group) is { } group ? $", group '{group}'" : "";

    private string Names(ulong ranks) => ranks == 0 ? "nobody" : string.Join(", ", Of(ranks));

    private IEnumerable<string> Of(ulong ranks)
    {
        for (; ranks != 0; ranks &= ranks - 1)
            if (BitOperations.TrailingZeroCount(ranks) is var rank && rank < _core.Members.Count)
                yield return _core.Members[rank].Node.Id.ToString();
    }

    private void Nodes(Utf8JsonWriter json, string name, ulong ranks)
    {
        json.WriteStartArray(name);
        foreach (string node in Of(ranks))
            json.WriteStringValue(node);
        json.WriteEndArray();
    }
}
