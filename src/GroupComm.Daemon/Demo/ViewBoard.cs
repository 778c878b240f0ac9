using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace GroupComm.Daemon.Demo;

/// <summary>
/// Tells of each view once, when all its members have it, and how long after the kill. Times are the nodes' own, taken when
/// the view was installed: processes of a machine share the monotonic clock.
/// </summary>
internal sealed class ViewBoard(Troupe troupe, Playbill say)
{
    private readonly HashSet<string> _told = [];
    private readonly List<(SeenView View, bool IsGroup)> _pending = [];
    private Actor? _victim;
    private long _killed;

    /// <summary>When the last kill was, as trace files count.</summary>
    public long KilledNanoseconds => (long)(_killed * (1e9 / Stopwatch.Frequency));

    /// <summary>Whether all views that anybody reported are reported by all their members.</summary>
    public bool IsSettled => _pending.Count == 0;

    /// <summary>Whether all have a view without the last one killed.</summary>
    public bool NewViewEverywhere => Witnesses.All(actor => AfterKill(actor) is not null);

    /// <summary>From the last kill to the next view, at each survivor.</summary>
    public IReadOnlyList<double> ViewChangeMs => _victim is null ? [] : [.. Witnesses.Select(AfterKill).OfType<SeenView>().Select(SinceKill)];

    // Who was there when the victim was: it has views both with it and without.
    private IEnumerable<Actor> Witnesses => troupe.Living.Where(actor => actor.Views.Any(view => Has(view, _victim!.Name)));

    public void Killed(Actor victim, long ticks) => (_victim, _killed) = (victim, ticks);

    public void Heard(Actor actor, string[] fields)
    {
        if (fields is not ["view" or "groupview", _, var id, ..])
            return;
        bool isGroup = fields[0] == "groupview";
        if (_told.Contains(fields[0] + id))
            return;
        if (!_pending.Any(each => each.IsGroup == isGroup && each.View.Id == id))
            _pending.Add((isGroup ? actor.GroupViews[^1] : actor.Views[^1], isGroup));
        // A cluster view comes before the group views in it, whichever report was first.
        while (_pending.FindIndex(each => IsDue(each.View, each.IsGroup)) is >= 0 and int at)
        {
            (SeenView view, bool group) = _pending[at];
            _pending.RemoveAt(at);
            Tell(view, group);
        }
    }

    private bool IsDue(SeenView view, bool isGroup) =>
        (!isGroup || _told.Contains("view" + view.Id.Split('.')[0])) && Seen(view, isGroup, out bool all).Count > 0 && all;

    /// <summary>The same view as the living members reported it.</summary>
    private List<(string Name, SeenView View)> Seen(SeenView view, bool isGroup, out bool all)
    {
        all = true;
        List<(string, SeenView)> seen = [];
        foreach (string name in view.Members.Split(' '))
        {
            Actor? member = troupe.Actors.FirstOrDefault(actor => actor.Name == name);
            if (member is null || member.Killed || member.Leaving)
                continue;
            if ((isGroup ? member.GroupViews : member.Views).Find(each => each.Id == view.Id) is { } theirs)
                seen.Add((name, theirs));
            else
                all = false;
        }
        return seen;
    }

    private void Tell(SeenView view, bool isGroup)
    {
        _told.Add((isGroup ? "groupview" : "view") + view.Id);
        List<(string Name, SeenView View)> seen = Seen(view, isGroup, out _);
        string after = "";
        if (_victim is not null && !isGroup && Witnesses.FirstOrDefault() is { } witness && AfterKill(witness)?.Id == view.Id)
            after = FormattableString.Invariant($"   {seen.Max(each => SinceKill(each.View)):0.0} ms after the kill ({string.Join(", ", seen.Select(each => FormattableString.Invariant($"{each.Name} {SinceKill(each.View):0.0}")))})");
        string reason = view.Reason.Length > 0 ? $"   {view.Reason}" : "";
        say.Line(isGroup ? $"  group demo {view.Id}: {view.Members}{reason}" : $"view {view.Id}: {view.Members}{reason}{after}");
    }

    private double SinceKill(SeenView view) => (view.Ticks - _killed) * 1000.0 / Stopwatch.Frequency;

    private SeenView? AfterKill(Actor actor) =>
        actor.Views.SkipWhile(view => !Has(view, _victim!.Name)).FirstOrDefault(view => !Has(view, _victim!.Name));

    private static bool Has(SeenView view, string name) => view.Members.Split(' ').Contains(name);
}
