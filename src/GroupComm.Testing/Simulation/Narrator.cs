using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// Effects of cores as sentences. What is repeated without news (heartbeats, seeks, acknowledgements of streams) is not
/// told: a scenario's log is to be read.
/// </summary>
internal sealed class Narrator(Action<string> tell)
{
    private readonly Dictionary<(string Node, ViewKey View), long> _acknowledged = [];
    private readonly Dictionary<(string Node, ViewKey View, int Rank), string> _parts = [];
    private long _epoch;

    /// <summary>A node's name; later lives with their number.</summary>
    public static string Name(NodeId id) => id.Incarnation == 1 ? id.Name : id.ToString();

    public void Tell(SimNode node, in Effect effect)
    {
        string who = Name(node.Id);
        switch (effect.Kind)
        {
            case EffectKind.Send:
                TellSend(node, Name(effect.Node), effect.Message);
                break;
            case EffectKind.Broadcast:
                TellSend(node, null, effect.Message);
                break;
            case EffectKind.Deliver:
                TellDelivery(node, effect);
                break;
            case EffectKind.ViewInstalled:
                TellView(node, (InstalledView)effect.Subject!);
                break;
            case EffectKind.GroupViewInstalled:
                TellGroupView(who, (InstalledGroupView)effect.Subject!);
                break;
            case EffectKind.GroupRefused:
                tell($"{who} may not: {((GroupRefusal)effect.Subject!).Reason}");
                break;
            case EffectKind.Wedged:
                tell($"{who} wedges view {node.View!.Key.Id}");
                break;
            case EffectKind.PrimaryLost:
                tell($"{who} is not primary: {effect.Text}");
                break;
            case EffectKind.PrimaryRegained:
                tell($"{who} is primary again");
                break;
            case EffectKind.Suspected:
                tell($"{who} suspects {Name(effect.Node)}: {effect.Text}");
                break;
            case EffectKind.Excluded:
                tell($"{who} is excluded: {effect.Text}");
                break;
            case EffectKind.Left:
                tell($"{who} has left");
                break;
            case EffectKind.Finished:
                tell($"{who} ends");
                break;
            case EffectKind.GroupLost:
                tell($"{who} gives the cluster up: no quorum of the last view can ever answer");
                break;
            case EffectKind.JoinRefused:
                tell($"{who} is not admitted: {((JoinRefused)effect.Subject!).Reason}");
                break;
            case EffectKind.Waiting:
                tell($"{who} waits: {effect.Text}");
                break;
            case EffectKind.DeliverDirect:
                tell($"{who} hands over {Name(effect.Node)}'s unicast {effect.First}: {PayloadWords.Of((DirectItem)effect.Subject!)}");
                break;
            case EffectKind.QueryAnswered:
                var answer = (QueryAnswer)effect.Subject!;
                tell(answer.Item is { } item ? $"{who} has the answer {PayloadWords.Of(item)} of {Name(answer.Member.Node)}" : $"{who} learns that {Name(answer.Member.Node)} departed without an answer");
                break;
            case EffectKind.QueryEnded:
                var end = (QueryEnd)effect.Subject!;
                tell($"{who}'s query is over: {(end.Outcome == QueryOutcome.Complete ? "complete" : "out of reach")}, {end.Answers} of {end.Responders} answered");
                break;
            case EffectKind.ReadReady:
                tell($"{who} may read");
                break;
            case EffectKind.ReadRefused:
                tell($"{who} may not read: {effect.Text}");
                break;
            case EffectKind.Transitional or EffectKind.Safe or EffectKind.Delivered or EffectKind.Peers:
                break;
            default:
                throw new InvalidOperationException($"unhandled effect {effect.Kind}");
        }
    }

    private void TellSend(SimNode node, string? to, Message message)
    {
        string who = Name(node.Id);
        if (message is Orders orders)
            _acknowledged[(who, orders.View)] = LastOf(orders);
        if (message is Ack ack && !IsNews(who, ack))
            return;
        string? what = message is Bundle bundle && to is null ? Sends(node, bundle) : FrameWords.Of(node.View?.Members, message);
        if (what is not null)
            tell($"{who} {what}{(to is null ? "" : $" to {to}")}");
    }

    private bool IsNews(string who, Ack ack)
    {
        if (ack.Ordered <= _acknowledged.GetValueOrDefault((who, ack.View)))
            return false;
        _acknowledged[(who, ack.View)] = ack.Ordered;
        return true;
    }

    private static long LastOf(Orders orders)
    {
        long last = orders.First - 1;
        foreach (OrderRun run in orders.Runs)
            last += run.Count;
        return last;
    }

    private static string Sends(SimNode node, Bundle bundle)
    {
        var words = new List<string>();
        foreach (ref readonly Segment segment in bundle.Segments)
        {
            string group = node.Groups.TryGetValue(segment.Group, out SimGroup? to) && to.Name != "g" ? $", {to.Name}" : "";
            words.Add($"{PayloadWords.Of(bundle, segment)} ({FrameWords.Of(segment.Order)}{group})");
        }
        return $"sends {string.Join(", ", words)}";
    }

    private void TellDelivery(SimNode node, in Effect effect)
    {
        Bundle bundle = effect.Bundle;
        ref readonly Segment segment = ref bundle[effect.Index];
        if (!node.Groups.TryGetValue(segment.Group, out SimGroup? group) || group.Member < 0)
            return;
        string from = Name(node.View!.Members[bundle.Sender].Id);
        long number = effect.Number;
        foreach (string text in PayloadWords.Of(bundle, segment, effect.First, effect.Count))
        {
            (string, ViewKey, int) key = (Name(node.Id), bundle.View, bundle.Sender);
            string whole = _parts.GetValueOrDefault(key, "") + text;
            _parts.Remove(key);
            if (segment.FragmentsLeft > 0)
                _parts[key] = whole;
            else
                tell($"{Name(node.Id)} delivers {from}:{whole}{(number > 0 ? string.Create(CultureInfo.InvariantCulture, $" #{number}") : "")}{(group.Name == "g" ? "" : $" in {group.Name}")}");
            number += number > 0 ? 1 : 0;
        }
    }

    private void TellView(SimNode node, InstalledView view)
    {
        _epoch = _epoch == 0 ? view.Key.Epoch : _epoch;
        string anew = view.Key.Epoch == _epoch ? "" : " of a new epoch";
        string along = node.View is null ? "" : $", from view {node.View.Key.Id} come {string.Join(" ", view.Transitional.Select(Name))}";
        string gone = string.Concat(view.Departed.Select(static d => $", without {Name(d.Id)} ({d.Reason})"));
        tell($"{Name(node.Id)} installs view {view.Key.Id}{anew} {{{string.Join(" ", view.Members.Select(static m => Name(m.Id)))}}}{along}{gone}");
    }

    private void TellGroupView(string who, InstalledGroupView installed)
    {
        string members = string.Join(" ", installed.Group.Members.Select(static m => Name(m.Node)));
        tell($"{who} installs {installed.Group.Name} view {installed.Group.ViewNumber} {{{members}}} ({installed.Reason})");
    }
}
