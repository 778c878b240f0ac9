using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Testing.Laws;

namespace GroupComm.Testing.Simulation;

// The heal, and what must come after it.
internal sealed partial class SimCluster
{
    private bool _stablePhase;
    private bool _clientsStopped;
    private bool _lost;

    /// <summary>Ends every fault. Dead nodes start again, unless a quorum of the last view lives without them and the draw says so.</summary>
    private void Heal()
    {
        _faulting = false;
        _clientsStopped = false;
        Story?.Invoke(_now, "everything is healed");
        if (_late is not null)
            EndLate(_late.Number);
        foreach (SimNode a in _nodes)
            foreach (SimNode b in _nodes)
                if (a != b)
                    Uncut(a.Index, b.Index);
        foreach (SimNode node in _nodes)
            if (node.Paused)
                ResumeNode(node, node.Life);
        bool quorum = QuorumLives();
        _lost = !quorum;
        NoteSurvivors(quorum);
        foreach (SimNode node in _nodes)
        {
            if (node.Alive)
                continue;
            // A lost cluster needs its founders, and later lives of all whom a survivor may wait for.
            node.Left = quorum && (node.Left || (Mix.LeaveDead && node.Installs > 0));
            if (!node.Left)
                StartNode(node, _random.Below(20_000));
        }
        _stable.HealTime = _now * 1000;
    }

    private bool QuorumLives()
    {
        if (Latest() is not { } last)
            return false;
        ulong live = 0;
        bool founder = false;
        for (int r = 0; r < last.Members.Count; r++)
        {
            if (!_byId.TryGetValue(last.Members[r].Id, out SimNode? node) || !node.Alive || node.Id != last.Members[r].Id || node.LeaveAsked
                || node.View?.Key != last.Key || node.Core.IsWedged)
                continue;
            live |= 1UL << r;
            founder |= IsFounder(node);
        }
        return founder && System.Numerics.BitOperations.PopCount(live) * 2 > last.Members.Count;
    }

    /// <summary>Runs until the cluster is whole, then quiet; answers what it hangs on, or null.</summary>
    private string? Settle()
    {
        long limit = _now + (60L * Times.Suspicion * 1000) + (Mix.Jitter * 400L);
        long since = _now;
        long calm = (Times.Suspicion * 1000 / 2) + (16L * (Mix.MinDelay + Mix.Jitter));
        for (int views = Views; _now - since < calm; views = Views)
        {
            if (_now > limit)
                return Stuck();
            RunUntil(_now + (Times.Tick * 1000));
            if (!IsWhole() || views != Views || AwaitsRemoval())
                since = _now;
        }
        if (BegunAnew() is { } anew)
            return anew;
        BeginStable();
        long stable = Views;
        RunUntil(_now + (Times.Suspicion * 450L));
        _clientsStopped = true;
        limit = _now + (20L * Times.Suspicion * 1000) + (Mix.Jitter * 400L);
        long handled = Handled();
        while (!IsQuiet() && _now < limit)
        {
            RunUntil(_now + (Times.Tick * 1000));
            long now = Handled();
            if (now == handled)
                continue;
            (handled, limit) = (now, limit + (Times.Tick * 1000)); // what handlers have before them is no fault of the protocol
        }
        EndStable();
        return stable == Views ? null : "a view was installed in the stable period";
    }

    /// <summary>All live nodes are in one view of exactly them, and no group change is under way there.</summary>
    private bool IsWhole()
    {
        SimNode? first = null;
        int live = 0;
        foreach (SimNode node in _nodes)
        {
            if (node.Left && !node.Alive)
                continue;
            if (!node.Alive || node.View is null || node.LeaveAsked || !node.Primary || node.Core.IsWedged)
                return false;
            first ??= node;
            live++;
            if (node.View.Key != first.View!.Key)
                return false;
        }
        return first is null || first.View!.Members.Count == live;
    }

    private string Stuck()
    {
        string text = "after the heal no view of exactly the live nodes:";
        foreach (SimNode node in _nodes)
            text += $" {node.Id}{(node.Alive ? "" : node.Left ? " gone" : " dead")} in {node.View?.Key.ToString() ?? "no view"}{(node.Alive && node.Core.IsWedged ? " wedged" : "")}{(node.Primary ? "" : " not primary")} <{(node.Alive ? node.Core.Describe() : "")}>;\n";
        return text;
    }

    private void BeginStable()
    {
        Story?.Invoke(_now, "whole again: the stable period begins");
        _stablePhase = true;
        (_stable.LastChange, _stable.HealTime) = (_now * 1000, _now * 1000);
        _stable.DetectionBound = Times.Suspicion * 2_000_000L;
        _stable.RoundTrip = (Mix.MinDelay + Mix.Jitter) * 2000L * 20;
        foreach (SimNode node in _nodes)
        {
            if (!node.Alive)
                continue;
            _stable.Live.Add(node.Trace.Index);
            _stable.Expected.Add(node.Trace.Index);
        }
    }

    private bool IsQuiet()
    {
        foreach (SimNode node in _nodes)
            if (node.Alive && (node.Core.RetainedBundles > 0 || node.Gate.Unconsumed > 0 || node.AwaitsSafe.Count > 0
                || App?.IsBusy(node) == true || node.Core.OpenExchanges > 0 || node.Reads.Count > 0 || AwaitingState(node) > 0))
                return false;
        return true;
    }

    private void EndStable()
    {
        _stable.EndTime = _now * 1000;
        foreach (SimNode node in _nodes)
        {
            if (!node.Alive)
                continue;
            _stable.Ends.Add(new ProcessEnd
            {
                Process = node.Trace.Index,
                View = node.View?.Key.Id ?? 0,
                Primary = node.Core.IsPrimary,
                CanSend = node.Groups.Count == 0 || SendOne(node, node.Groups.Values[0], DeliveryOrder.Agreed),
                RetainedBundles = node.Core.RetainedBundles,
                UnconsumedBytes = node.Gate.HasFilled ? 0 : node.Gate.Unconsumed,
                AcceptedWhileNotPrimary = node.AcceptedWhileNotPrimary,
                AwaitingState = AwaitingState(node),
            });
        }
    }
}
