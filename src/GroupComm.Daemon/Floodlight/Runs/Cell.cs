using System;
using System.Collections.Generic;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>One race under one approach, summed over its schedules.</summary>
internal sealed class Cell(Approach approach, Race race)
{
    private readonly List<int> _repairs = [];

    public Approach Approach => approach;

    public Race Race => race;

    public Promise Promise => Expectation.Of(approach, race);

    public int Schedules { get; private set; }

    /// <summary>Schedules that end with a black hole or a loop; the first of them.</summary>
    public int Broken { get; private set; }

    public ulong? FirstBroken { get; private set; }

    /// <summary>Of these, the ones with a loop.</summary>
    public int Loops { get; private set; }

    /// <summary>Pairs of hosts times seconds, until quiet.</summary>
    public double HoleSeconds => _holeTime / 1e6;

    // Whole microseconds: the sum is the same in whatever order threads add theirs.
    private long _holeTime;

    public long Lost { get; private set; }

    public long Duplicates { get; private set; }

    public long Aborts { get; private set; }

    public long Stale { get; private set; }

    public long Refused { get; private set; }

    public long Multicasts { get; private set; }

    public long Reports { get; private set; }

    public long Commands { get; private set; }

    /// <summary>Questions to switches, and their answers.</summary>
    public long Asks { get; private set; }

    /// <summary>Schedules that could not be played or broke a law; the first of them in words.</summary>
    public int Failures { get; private set; }

    public string? FirstFailure { get; private set; }

    private ulong _firstFailed = ulong.MaxValue;

    /// <summary>It is as its design promises.</summary>
    public bool Ok => Failures == 0 && (Promise == Promise.None ? Broken == 0 : Broken > 0 || Schedules < Expectation.EnoughToExpectHoles);

    public double PerSchedule(long count) => Schedules == 0 ? 0 : (double)count / Schedules;

    public long Messages => Multicasts + Reports + Commands + Asks;

    /// <summary>Milliseconds to repair, of the schedules that are repaired: the share of them that needs no longer.</summary>
    public double Repair(double share)
    {
        if (_repairs.Count == 0)
            return 0;
        _repairs.Sort();
        return _repairs[Math.Min(_repairs.Count - 1, (int)(share * _repairs.Count))] / 1000.0;
    }

    public void Add(ulong seed, ScheduleOutcome outcome)
    {
        Schedules++;
        if (outcome.Failure is { } failure)
        {
            Failures++;
            if (seed < _firstFailed)
                (_firstFailed, FirstFailure) = (seed, $"seed {seed}: {failure}");
            return;
        }
        if (outcome.BlackHoles + outcome.Loops > 0)
        {
            Broken++;
            FirstBroken = FirstBroken is { } first && first < seed ? first : seed;
        }
        else
        {
            _repairs.Add((int)outcome.RepairTime);
        }
        Loops += outcome.Loops > 0 ? 1 : 0;
        _holeTime += outcome.HoleTime;
        Lost += outcome.Lost;
        Duplicates += outcome.Duplicates;
        Aborts += outcome.Aborts;
        Stale += outcome.Stale;
        Refused += outcome.Counts.Refused;
        Multicasts += outcome.Multicasts;
        Reports += outcome.Counts.Reports;
        Commands += outcome.Counts.Commands;
        Asks += outcome.Counts.Asks + outcome.Counts.Answers;
    }

    public void Add(Cell other)
    {
        Schedules += other.Schedules;
        Broken += other.Broken;
        Failures += other.Failures;
        if (other.FirstBroken is { } broken && !(FirstBroken < broken))
            FirstBroken = broken;
        if (other._firstFailed < _firstFailed)
            (_firstFailed, FirstFailure) = (other._firstFailed, other.FirstFailure);
        _repairs.AddRange(other._repairs);
        Loops += other.Loops;
        _holeTime += other._holeTime;
        Lost += other.Lost;
        Duplicates += other.Duplicates;
        Aborts += other.Aborts;
        Stale += other.Stale;
        Refused += other.Refused;
        Multicasts += other.Multicasts;
        Reports += other.Reports;
        Commands += other.Commands;
        Asks += other.Asks;
    }
}
