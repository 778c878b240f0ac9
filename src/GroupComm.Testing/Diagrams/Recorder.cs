using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Diagrams;

/// <summary>Watches a schedule and keeps what a picture of it shows, and its lines in words.</summary>
internal sealed partial class Recorder : ISimWatch
{
    private readonly List<(SimNode From, SimNode To, Message Message, Arrow Arrow)> _flying = [];
    private readonly Dictionary<string, int> _places = [];
    private readonly List<(long Time, string Text)> _lines = [];
    private readonly HashSet<(Message, int)> _told = [];

    public Picture Picture { get; } = new();

    /// <summary>Everything in words, in order.</summary>
    public IReadOnlyList<(long Time, string Text)> Lines => _lines;

    /// <summary>Time of the first installed view: what comes before is the founding. Maximum when there is none.</summary>
    public long Founded { get; private set; } = long.MaxValue;

    /// <summary>A line of the schedule's story.</summary>
    public void Tell(long time, string text)
    {
        _lines.Add((time, text));
        Picture.End = Math.Max(Picture.End, time);
        if (text.StartsWith("fault: ", StringComparison.Ordinal))
            Fault(time, text["fault: ".Length..]);
        else if (Name().Match(text) is { Success: true } first && text.EndsWith(" starts", StringComparison.Ordinal))
            Add(new Mark(Place(first.Value), time, MarkKind.Start, $"{text[..^7]} starts"));
        else if (Name().Match(text) is { Success: true } awake && text.EndsWith(" goes on", StringComparison.Ordinal))
            Add(new Mark(Place(awake.Value), time, MarkKind.GoOn, "goes on"));
    }

    void ISimWatch.Carries(SimNode node, in Effect effect, long now)
    {
        Picture.End = Math.Max(Picture.End, now);
        switch (effect.Kind)
        {
            case EffectKind.ViewInstalled:
                var view = (InstalledView)effect.Subject!;
                Founded = Math.Min(Founded, now);
                Add(new Mark(node.Index, now, MarkKind.View, $"view {view.Key.Id} {{{string.Join(' ', System.Linq.Enumerable.Select(view.Members, static m => Narrator.Name(m.Id)))}}}") { View = view.Key.Id });
                break;
            case EffectKind.GroupViewInstalled:
                var installed = (InstalledGroupView)effect.Subject!;
                Add(new Mark(node.Index, now, MarkKind.Other, $"group {installed.Group.Name} view {installed.Group.InstalledIn}.{installed.Group.ViewNumber}"));
                break;
            case EffectKind.Wedged:
                Add(new Mark(node.Index, now, MarkKind.Wedge, $"wedges view {node.View?.Key.Id}"));
                break;
            case EffectKind.Deliver:
                Delivered(node, effect, now);
                break;
            case EffectKind.Suspected:
                Add(new Mark(node.Index, now, MarkKind.Other, $"suspects {Narrator.Name(effect.Node)}"));
                break;
            case EffectKind.PrimaryLost:
                Add(new Mark(node.Index, now, MarkKind.Other, "not primary"));
                break;
            case EffectKind.PrimaryRegained:
                Add(new Mark(node.Index, now, MarkKind.Other, "primary again"));
                break;
            case EffectKind.Excluded or EffectKind.GroupLost or EffectKind.Finished or EffectKind.JoinRefused:
                string why = effect.Kind switch
                {
                    EffectKind.Excluded => "is excluded",
                    EffectKind.GroupLost => "the cluster is lost",
                    EffectKind.JoinRefused => "is not admitted",
                    _ => "ends",
                };
                Add(new Mark(node.Index, now, MarkKind.End, why));
                break;
            case EffectKind.Broadcast when effect.Message is Bundle bundle && FrameLabel.OfData(bundle) is { } data:
                Add(new Mark(node.Index, now, MarkKind.Send, $"sends {data}"));
                break;
            default:
                break; // the rest shows in frames, or not at all
        }
    }

    void ISimWatch.Sent(SimNode from, SimNode to, Message message, long now, long arrival)
    {
        if (FrameLabel.Of(message) is not { } label)
            return;
        var arrow = new Arrow(from.Index, to.Index, now, arrival, label, message is Bundle);
        Picture.Arrows.Add(arrow);
        _flying.Add((from, to, message, arrow));
        Words(from, to, message, now);
    }

    void ISimWatch.Lost(SimNode from, SimNode to, Message message, long now)
    {
        if (FrameLabel.Of(message) is not { } label)
            return;
        Picture.Arrows.Add(new Arrow(from.Index, to.Index, now, now + 300, label, message is Bundle));
        _lines.Add((now, $"{from.Id}'s {label} to {to.Name} is lost"));
    }

    void ISimWatch.Received(SimNode from, SimNode to, Message message, long now)
    {
        int at = _flying.FindIndex(each => each.From == from && each.To == to && ReferenceEquals(each.Message, message));
        if (at < 0)
            return;
        (_flying[at].Arrow.Received, _flying[at].Arrow.End) = (true, now);
        _flying.RemoveAt(at);
    }

    private void Delivered(SimNode node, in Effect effect, long now)
    {
        ref readonly Segment segment = ref effect.Bundle[effect.Index];
        if (segment.Kind != SegmentKind.Application || segment.FragmentsLeft > 0 || !node.Groups.TryGetValue(segment.Group, out SimGroup? group) || group.Member < 0)
            return;
        string number = effect.Number > 0 ? string.Create(CultureInfo.InvariantCulture, $" #{effect.Number}") : "";
        string texts = string.Join(' ', PayloadWords.Of(effect.Bundle, segment, effect.First, effect.Count));
        Add(new Mark(node.Index, now, MarkKind.Deliver, $"delivers {texts}{number}"));
    }

    private void Fault(long time, string text)
    {
        MarkKind kind = text.EndsWith(" crashes", StringComparison.Ordinal) ? MarkKind.End
            : text.EndsWith(" is paused", StringComparison.Ordinal) ? MarkKind.Pause : MarkKind.Fault;
        string what = kind switch { MarkKind.End => "crashes", MarkKind.Pause => "stands still", _ => text };
        foreach (Match name in Name().Matches(text))
        {
            Add(new Mark(Place(name.Value), time, kind, what));
            if (kind != MarkKind.Fault || !text.StartsWith("cut ", StringComparison.Ordinal))
                break; // the first is the one to whom it happens; a cut has two ends
        }
    }

    private void Words(SimNode from, SimNode to, Message message, long now)
    {
        string? words = message is Bundle ? null : FrameWords.Of(from.View?.Members, message);
        if (words is not null && _told.Add((message, to.Index)))
            _lines.Add((now, $"{from.Id} {words} to {to.Name}"));
    }

    private void Add(Mark mark)
    {
        while (Picture.Processes.Count <= mark.Node)
            Picture.Processes.Add($"n{Picture.Processes.Count + 1}");
        Picture.Marks.Add(mark);
    }

    private int Place(string name)
    {
        if (!_places.TryGetValue(name, out int place))
            _places[name] = place = int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) - 1;
        return place;
    }

    [GeneratedRegex(@"\bn\d+")]
    private static partial Regex Name();
}
