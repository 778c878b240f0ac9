using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using GroupComm.Core;
using GroupComm.Testing.Laws;

namespace GroupComm.Testing.Exploring;

/// <summary>
/// Depth-first search over the real core in a small scope: every order of arrivals, crashes (with what is lost of what was
/// under way), a false suspicion, messages, a joiner. Each state is seen once; each is judged by the safety laws.
/// </summary>
internal sealed class Explorer(ExplorePlan plan)
{
    private readonly World _world = new(plan);
    private readonly SeenSet _seen = new();
    private readonly ExploreResult _result = new();
    private readonly Stopwatch _clock = new();
    private readonly List<int> _path = [];
    private readonly List<int> _resume = [];
    private bool _stop;

    /// <summary>Called now and then with the number of states.</summary>
    public Action<ExploreResult>? Progress { get; set; }

    /// <param name="checkpoint">The search goes on from there when the file exists, and is kept there when it ends early.</param>
    public ExploreResult Run(string? checkpoint = null)
    {
        if (checkpoint is not null && File.Exists(checkpoint))
            Checkpoint.Read(checkpoint, plan, _seen, _resume, _result);
        double before = _result.Seconds;
        _clock.Restart();
        if (_resume.Count == 0)
            Enter();
        _result.Complete = Search(0) && _result.Law is null;
        _result.States = _seen.Count;
        _result.Seconds = before + _clock.Elapsed.TotalSeconds;
        if (checkpoint is not null)
            Checkpoint.Write(checkpoint, plan, _seen, _path, _result);
        return _result;
    }

    /// <summary>False: it ended before everything below was seen; the path says where.</summary>
    private bool Search(int depth)
    {
        var steps = new List<Step>();
        _world.Steps(steps);
        if (steps.Count == 0)
        {
            _result.Ends++;
            return true;
        }
        if (depth >= plan.Depth)
        {
            _result.CutOff++;
            return true;
        }
        Shuffle(steps);
        bool resuming = depth < _resume.Count;
        int first = resuming ? _resume[depth] : 0;
        if (_path.Count == depth)
            _path.Add(first);
        for (int i = first; i < steps.Count; i++)
        {
            _path[depth] = i;
            if (_stop || _seen.Count >= plan.States || _clock.Elapsed > plan.Time)
            {
                _stop = true;
                return false;
            }
            Step step = steps[i];
            World.Past past = _world.Save(step);
            bool onPath = resuming && i == first && depth < _resume.Count - 1; // the last was not yet taken
            bool deeper = Take(step) && (onPath || Enter());
            _result.Deepest = Math.Max(_result.Deepest, depth + 1);
            if (deeper && !Search(depth + 1))
                return false;
            _world.Back(past);
            if (_result.Law is not null)
                return false;
            if (resuming && i == first)
                _resume.RemoveRange(depth + 1, _resume.Count - depth - 1);
        }
        _path.RemoveAt(depth);
        return true;
    }

    /// <summary>False: the step broke something, and the result says what.</summary>
    private bool Take(in Step step)
    {
        _result.Steps++;
        long before = _world.Traced;
        try
        {
            _world.Do(step);
        }
        catch (InvariantException broken)
        {
            Found(broken.Law, $"invariant: {broken.Message}");
            return false;
        }
        catch (Exception e) when (plan.Rules != ProtocolRules.Correct && e is IndexOutOfRangeException or NullReferenceException or ArgumentException)
        {
            Found("VS-9", $"the core failed: {e.Message}");
            return false;
        }
        if (_world.Traced == before)
            return true;
        Verdict verdict = _world.Cluster.CheckSafety();
        if (verdict.Ok)
            return true;
        Found(verdict.Violations[0].Law, verdict.Explain(_world.Cluster.History)!);
        return false;
    }

    private bool Enter()
    {
        bool fresh = _seen.Add(_world.Hash());
        if (fresh && _seen.Count % 65_536 == 0)
        {
            _result.States = _seen.Count;
            _result.Seconds = _clock.Elapsed.TotalSeconds;
            Progress?.Invoke(_result);
        }
        return fresh;
    }

    private void Found(string law, string text)
    {
        (_result.Law, _result.Text, _stop) = (law, text, true);
        _result.Path = Tell([.. _path]);
    }

    /// <summary>The steps of a path in words, on a world of their own.</summary>
    private List<string> Tell(int[] path)
    {
        var world = new World(plan);
        var words = new List<string>();
        var steps = new List<Step>();
        foreach (int at in path)
        {
            steps.Clear();
            world.Steps(steps);
            Shuffle(steps, world.Hash());
            words.Add(world.Describe(steps[at]));
            try
            {
                world.Do(steps[at]);
            }
            catch (Exception e) when (e is InvariantException or IndexOutOfRangeException or NullReferenceException or ArgumentException)
            {
                break; // this is the violation
            }
        }
        return words;
    }

    private void Shuffle(List<Step> steps) => Shuffle(steps, plan.Shuffle == 0 ? 0 : _world.Hash());

    /// <summary>By the state itself, so that a resumed search meets the same order.</summary>
    private void Shuffle(List<Step> steps, ulong state)
    {
        if (plan.Shuffle == 0)
            return;
        var random = new Simulation.SimRandom(state ^ plan.Shuffle);
        for (int i = steps.Count - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (steps[i], steps[j]) = (steps[j], steps[i]);
        }
    }
}
