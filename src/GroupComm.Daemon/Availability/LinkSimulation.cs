using System;
using System.Numerics;
using GroupComm.Core;
using GroupComm.Core.Membership;

namespace GroupComm.Daemon.Availability;

/// <summary>
/// The same model event by event: ranked views of named nodes, and the protocol's own rule of quorums. Knows nothing of the states
/// by which the closed form counts.
/// </summary>
internal sealed class LinkSimulation(LinkModel model, ulong seed)
{
    // In cycles of failure biasing: how often the next event is a failure while a link is down.
    private const double Bias = 0.5;

    private readonly Random _random = new((int)(seed % int.MaxValue));
    private readonly int[] _view = new int[model.Nodes]; // nodes by rank
    private int _members;
    private uint _up;
    private bool _primary;

    /// <summary>Outages that began.</summary>
    public long Outages { get; private set; }

    /// <summary>Plays so many years, one after the other.</summary>
    public YearFigures Play(double years)
    {
        Begin();
        double end = years * LinkModel.Year, now = 0, none = 0;
        long losses = 0;
        while (now < end)
        {
            double failing = BitOperations.PopCount(_up) * model.Failure, total = failing + (Down * model.Repair);
            double stay = Math.Min(-Math.Log(1 - _random.NextDouble()) / total, end - now);
            now += stay;
            none += _primary ? 0 : stay;
            if (now < end && Step(_random.NextDouble() * total < failing))
                losses++;
        }
        return new YearFigures(none / years, losses / years);
    }

    /// <summary>
    /// What is so rare that years show nothing, in cycles from all up to all up: while a link is down failures are made likely, and
    /// each cycle counts by how much likelier it was made (Goyal and others, 1992). The ratio of the means is the share of time.
    /// </summary>
    public YearFigures PlayCycles(int cycles)
    {
        double none = 0, losses = 0, time = 0;
        for (int i = 0; i < cycles; i++)
        {
            Begin();
            double weight = 1;
            do
            {
                double failing = BitOperations.PopCount(_up) * model.Failure, repairing = Down * model.Repair, total = failing + repairing;
                double likely = repairing == 0 ? 1 : failing == 0 ? 0 : Bias;
                time += weight / total;
                none += _primary ? 0 : weight / total;
                bool fails = _random.NextDouble() < likely;
                weight *= fails ? failing / total / likely : repairing / total / (1 - likely);
                losses += Step(fails) ? weight : 0;
            }
            while (Down > 0);
        }
        return new YearFigures(none / time * LinkModel.Year, losses / time * LinkModel.Year);
    }

    private int Down => model.Nodes - BitOperations.PopCount(_up);

    private void Begin()
    {
        (_up, _members, _primary) = ((1u << model.Nodes) - 1, model.Nodes, true);
        for (int i = 0; i < _members; i++)
            _view[i] = i;
    }

    /// <summary>A link fails or is repaired; whether a view follows that has lost a member.</summary>
    private bool Step(bool fails)
    {
        int node = Draw(fails ? _up : ~_up & ((1u << model.Nodes) - 1));
        _up ^= 1u << node;
        bool before = _primary;
        ulong present = 0;
        for (int rank = 0; rank < _members; rank++)
            present |= ((_up >> _view[rank]) & 1UL) << rank;
        _primary = Quorum.Holds(present, _members, ProtocolRules.Correct);
        if (!_primary)
        {
            Outages += before ? 1 : 0;
            return false;
        }
        Install();
        return before && fails;
    }

    /// <summary>Who stays keeps the order; who is up joins last.</summary>
    private void Install()
    {
        uint seated = 0;
        int next = 0;
        for (int rank = 0; rank < _members; rank++)
            if (((_up >> _view[rank]) & 1) != 0)
            {
                seated |= 1u << _view[rank];
                _view[next++] = _view[rank];
            }
        for (int node = 0; node < model.Nodes; node++)
            if (((_up & ~seated) >> node & 1) != 0)
                _view[next++] = node;
        _members = next;
    }

    private int Draw(uint among)
    {
        for (int skip = _random.Next(BitOperations.PopCount(among)); skip > 0; skip--)
            among &= among - 1;
        return BitOperations.TrailingZeroCount(among);
    }
}
