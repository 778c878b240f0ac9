using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Diagrams;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>A schedule as a space-time diagram: the controllers with their views and frames, and beside them all switches as one line.</summary>
internal sealed class Drawing : IStageWatch
{
    // What is still shown after the last command.
    private const long Tail = 300;

    private readonly Recorder _recorder = new();
    private readonly int _switches;
    private readonly HashSet<string> _worded = [];
    private long _from;
    private long _last;

    private Drawing(int controllers)
    {
        _switches = controllers;
        for (int i = 1; i <= controllers; i++)
            _recorder.Picture.Processes.Add(string.Create(CultureInfo.InvariantCulture, $"n{i}"));
        _recorder.Picture.Processes.Add("switches");
    }

    public static string Svg(ulong seed, Race race, Approach approach)
    {
        var drawing = new Drawing(Races.Controllers(race));
        var stage = new Stage { Watch = drawing };
        (stage.Cluster.Watch, stage.Cluster.Story) = (drawing._recorder, drawing._recorder.Tell);
        ScheduleOutcome outcome = Schedule.Play(stage, seed, race, approach);
        if (outcome.Failure is { } failure)
            throw new InvalidOperationException(failure);
        return drawing.Draw(string.Create(CultureInfo.InvariantCulture, $"{approach.Name}, race {race}, seed {seed}"), outcome);
    }

    public void Begins(long now)
    {
        _from = now - 1;
        _worded.Clear();
    }

    public void Happens(long now, int controller, string text)
    {
        if (!text.StartsWith("hears: ", StringComparison.Ordinal)) // an arrow says so
            Add(controller < 0 ? _switches : controller, now, controller < 0 ? MarkKind.Fault : MarkKind.Other, Short(text));
    }

    /// <summary>The last lane has little room.</summary>
    private static string Short(string text) => text.Replace("the link between s", "link s", StringComparison.Ordinal).Replace(" and s", "-s", StringComparison.Ordinal);

    // Of arrows that run side by side one has the words.
    public void Report(long sent, long arrival, int controller, SwitchReport report) =>
        _recorder.Picture.Arrows.Add(new Arrow(_switches, controller, sent, arrival, _worded.Add("report") ? report.ToString() : "", IsData: true) { Received = true });

    public void Command(long sent, long arrival, int controller, int to, bool obeyed)
    {
        _recorder.Picture.Arrows.Add(new Arrow(controller, _switches, sent, arrival, _worded.Add($"tables of {controller}") ? "tables" : "", IsData: true) { Received = obeyed });
        _last = Math.Max(_last, arrival);
    }

    private void Add(int lane, long now, MarkKind kind, string text) => _recorder.Picture.Marks.Add(new Mark(lane, now, kind, text));

    private string Draw(string title, ScheduleOutcome outcome)
    {
        int broken = outcome.BlackHoles + outcome.Loops;
        string verdict = string.Create(CultureInfo.InvariantCulture, $"after quiet {broken} pairs of hosts have no way, and never will: {outcome.Lost} reports were heard by nobody who acts");
        Picture all = _recorder.Picture, shown = new() { End = _last + Tail };
        shown.Processes.AddRange(all.Processes);
        shown.Marks.Add(new Mark(_switches, 0, MarkKind.Start, ""));
        shown.Marks.AddRange(all.Marks.Where(mark => mark.Time <= _last && !IsFault(mark)).OrderBy(static mark => mark.Time).Select(static mark => mark with { Text = Readable(mark.Text) }));
        shown.Arrows.AddRange(all.Arrows.Where(arrow => arrow.End <= _last).Select(static arrow => arrow with { Label = Readable(arrow.Label) }));
        shown.Marks.Add(new Mark(_switches, shown.End, broken == 0 ? MarkKind.Other : MarkKind.Fault, broken == 0 ? "all have a way" : string.Create(CultureInfo.InvariantCulture, $"{broken} pairs have none")));
        if (broken > 0)
            shown.Guilty.Add((_switches, shown.End));
        return SpaceTime.Draw(shown, _from, broken == 0 ? $"{title}: after quiet every pair of hosts has a way" : title, broken == 0 ? null : verdict);
    }

    /// <summary>Messages of the controllers are bytes, and the recorder takes them for text.</summary>
    private static string Readable(string text)
    {
        if (text.All(static c => !char.IsControl(c) && c != '\uFFFD'))
            return text;
        return text.StartsWith("delivers ", StringComparison.Ordinal) ? "delivers a report" : text.StartsWith("sends ", StringComparison.Ordinal) ? "sends the report" : "report";
    }

    /// <summary>Told by the network's line already, in better words.</summary>
    private bool IsFault(Mark mark) => mark.Node == _switches && mark.Text.Contains(" crashes", StringComparison.Ordinal);
}
