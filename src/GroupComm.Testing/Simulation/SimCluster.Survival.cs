using System.Numerics;
using GroupComm.Core;

namespace GroupComm.Testing.Simulation;

// What must outlive the faults: a cluster of whose last view a majority lives (P8), and those from whom a member left (P15).
// A cluster that began anew looks healthy to every other law.
internal sealed partial class SimCluster
{
    /// <summary>A false suspicion or a cut may end in a view with the same members; so many in a row come from within.</summary>
    private const int MostAlike = 25;

    private InstalledView? _last;
    private int _alike;
    private ulong _stayed; // in the last view: those who came from the view before
    private ulong _installed; // in the last view: those who installed it
    private long _mustSurvive; // the epoch in which the stable period must be; 0: any

    private void NoteInstall(InstalledView view, bool joins)
    {
        if (_last is null || view.Key.CompareTo(_last.Key) > 0)
        {
            _alike = _last is not null && AreAlike(_last, view) ? _alike + 1 : 0;
            if (_alike > MostAlike)
                throw new InvariantException("LV-5", $"{_alike} views with the same members follow each other up to {view.Key}");
            (_last, _stayed, _installed) = (view, 0, 0);
        }
        if (view.Key != _last.Key)
            return;
        _installed |= 1UL << view.OwnRank;
        if (joins)
            return; // a joiner's transitional set is itself
        for (int r = 0; r < view.Members.Count; r++)
            foreach (NodeId along in view.Transitional)
                if (along == view.Members[r].Id)
                    _stayed |= 1UL << r;
    }

    private static bool AreAlike(InstalledView a, InstalledView b)
    {
        if (a.Members.Count != b.Members.Count)
            return false;
        for (int r = 0; r < a.Members.Count; r++)
            if (a.Members[r].Id != b.Members[r].Id)
                return false;
        return true;
    }

    /// <summary>At the heal. Joiners count as members although they may not know it yet: at most one less of them than of those
    /// who stay are admitted, so a majority has somebody who can tell them.</summary>
    private void NoteSurvivors(bool quorum)
    {
        _mustSurvive = 0;
        if (NextMayBeDead())
            return;
        _mustSurvive = quorum ? Latest()!.Key.Epoch : 0;
        if (quorum || _last is null || _stayed == 0 || (_stayed & ~_installed) != 0)
            return;
        ulong live = 0;
        bool founder = false;
        for (int r = 0; r < _last.Members.Count; r++)
        {
            if (!_byId.TryGetValue(_last.Members[r].Id, out SimNode? node) || !node.Alive || node.Id != _last.Members[r].Id || node.LeaveAsked
                || (node.View is not null && node.View.Key != _last.Key))
                continue;
            live |= 1UL << r;
            founder |= IsFounder(node);
        }
        if (founder && BitOperations.PopCount(live) * 2 > _last.Members.Count)
            _mustSurvive = _last.Key.Epoch;
    }

    /// <summary>
    /// Whether someone has accepted a next view of which no majority lives, or no founder (0011), one of those who stay being dead.
    /// It may be decided, though nobody installed it: then it is the last view, and no quorum of it can answer. Dead joiners alone
    /// are no excuse (P8).
    /// </summary>
    private bool NextMayBeDead()
    {
        foreach (SimNode node in _nodes)
        {
            if (!node.Alive || node.View is not { } view || node.Core.AcceptedNext is not { Count: > 0 } next)
                continue;
            int live = 0;
            bool stayerDied = false, founder = false;
            foreach (NodeInfo member in next)
                if (_byId.TryGetValue(member.Id, out SimNode? other) && other.Alive && other.Id == member.Id && !other.LeaveAsked)
                {
                    live++;
                    founder |= IsFounder(other);
                }
                else
                    stayerDied |= IsIn(view, member.Id);
            if (stayerDied && (!founder || live * 2 <= next.Count))
                return true;
        }
        return false;
    }

    private static bool IsIn(InstalledView view, NodeId id)
    {
        foreach (NodeInfo member in view.Members)
            if (member.Id == id)
                return true;
        return false;
    }

    private InstalledView? Latest()
    {
        InstalledView? last = null;
        foreach (SimNode node in _nodes)
            if (node.View is { } view && (last is null || view.Key.CompareTo(last.Key) > 0))
                last = view;
        return last;
    }

    /// <summary>Once the cluster is whole.</summary>
    private string? BegunAnew()
    {
        foreach (SimNode node in _nodes)
            if (_mustSurvive != 0 && node.Alive && node.View is { } view && view.Key.Epoch != _mustSurvive)
                return $"a majority of view {_last!.Key} lived, but the cluster began anew: {node.Id} is in view {view.Key}";
        return null;
    }

    /// <summary>P15: a leaver goes when everybody who stays has confirmed, or when its time is over.</summary>
    private void CheckLeave(SimNode leaver)
    {
        if (leaver.Core.Successors is not { } stay || _now - leaver.LeaveAskedAt >= NodeTimes.Leave * 1000L)
            return;
        foreach (NodeInfo member in stay)
            if (_byId.TryGetValue(member.Id, out SimNode? node) && node.Alive && node.Id == member.Id
                && (node.View is not { } view || view.Key.CompareTo(leaver.View!.Key) <= 0))
                throw new InvariantException("LV-1", $"{leaver.Id} left view {leaver.View!.Key} for good before {node.Id}, which stays, knew the next one");
    }
}
