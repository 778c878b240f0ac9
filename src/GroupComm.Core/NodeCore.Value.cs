using System;
using System.Collections.Generic;
using System.Numerics;
using GroupComm.Core.Flush;
using GroupComm.Core.Membership;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

// What a fresh proposal says: rules P5 to P8.
internal sealed partial class NodeCore
{
    /// <summary>The fresh value of a ballot; null while the primary rule does not hold.</summary>
    private ViewValue? MakeValue(ViewState view, Proposer proposer, ulong best, long[] received)
    {
        ulong stay = Stayers(view, proposer.Answered & best);
        ulong leavers = proposer.Answered & view.Leaving & ~stay;
        if (!_isQuorum(stay | leavers) || (stay != 0 && !KeepsFloor(view, stay)))
            return null;

        long[] cut = (long[])received.Clone();
        if (!_rules.CutNotCausallyClosed)
            CutBuilder.Close(cut, view.Streams, _rules.FragmentTailKept);
        (long sequenceBase, OrderRun[] sequence) = FinalSequence(view, proposer, cut);

        var members = new List<NodeInfo>();
        var departed = new List<Departure>();
        var leaving = new List<NodeId>();
        for (int r = 0; r < view.Size; r++)
        {
            if ((stay >> r & 1) != 0)
            {
                members.Add(view.Members[r]);
                continue;
            }
            departed.Add(new Departure(view.Members[r].Id, ReasonOf(view, best, r)));
            if ((leavers >> r & 1) != 0)
                leaving.Add(view.Members[r].Id);
        }
        AddJoiners(view, stay, members);
        ViewKey next = view.Key.IsBootstrap ? new ViewKey(NewEpoch(), 1) : new ViewKey(view.Key.Epoch, view.Key.Id + 1);
        IReadOnlyList<string> founders = view.Key.IsBootstrap ? Names(view.Members) : view.Founders;
        return new ViewValue(next, members, cut, sequenceBase, sequence, view.Key.IsBootstrap ? [] : departed, leaving, founders, LevelOf(members));
    }

    /// <summary>What all of the next view can speak.</summary>
    private static int LevelOf(List<NodeInfo> members)
    {
        int level = members.Count == 0 ? NodeInfo.LowestLevel : int.MaxValue;
        foreach (NodeInfo member in members)
            level = Math.Min(level, member.Level);
        return level;
    }

    private (long Base, OrderRun[] Runs) FinalSequence(ViewState view, Proposer proposer, long[] cut)
    {
        Wedged longest = proposer.Answers[view.OwnRank]!;
        foreach (Wedged? answer in proposer.Answers)
            if (!_rules.OrderLogNotTakenOver && answer is not null && EndOf(answer) > EndOf(longest))
                longest = answer;
        long sequenceBase = Math.Max(longest.OrderBase, view.Orders.Base);
        int skip = 0;
        for (long at = longest.OrderBase; at < sequenceBase; skip++)
            at += longest.Orders[skip].Count;
        ReadOnlySpan<OrderRun> runs = longest.Orders[skip..];
        if (_rules.OrderLogNotTakenOver)
        {
            runs = [];
            sequenceBase = view.Orders.Base;
        }
        return (sequenceBase, CutBuilder.Sequence(view.Orders, sequenceBase, runs, cut, view.Streams, _rules.HoleInOrderLog));
    }

    private static long EndOf(Wedged answer)
    {
        long end = answer.OrderBase;
        foreach (OrderRun run in answer.Orders)
            end += run.Count;
        return end;
    }

    private static string ReasonOf(ViewState view, ulong best, int rank)
    {
        if ((view.Leaving >> rank & 1) != 0)
            return Departure.Left;
        if ((view.Replaced >> rank & 1) != 0)
            return Departure.NewIncarnation;
        if (view.Detector.Reason(rank) is string reason)
            return reason;
        if ((best & view.Detector.NotHeardBy(rank)) is not 0 and ulong deaf)
            return Named("cannot hear", view, BitOperations.TrailingZeroCount(deaf));
        for (int r = 0; r < view.Size; r++)
            if ((best >> r & view.Detector.NotHeardBy(r) >> rank & 1) != 0)
                return Named("cannot be heard by", view, r);
        return "did not answer";
    }

    private static string Named(string what, ViewState view, int rank) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} {rank} ({view.Members[rank].Id})");

    /// <summary>Those of <paramref name="members"/> that go on. The last founders cannot leave while others stay: without one the
    /// rest would not be primary.</summary>
    private ulong Stayers(ViewState view, ulong members)
    {
        ulong stay = members & ~view.Leaving & ~view.Replaced;
        return stay == 0 || KeepsFloor(view, stay) ? stay : stay | (members & view.Leaving & view.Founding);
    }

    private bool KeepsFloor(ViewState view, ulong stay)
    {
        if (view.Key.IsBootstrap || _rules.BootstrapWithoutFloor)
            return true;
        int founders = BitOperations.PopCount(stay & view.Founding);
        return _options.FloorByMajority ? founders * 2 > view.Founders.Count : founders > 0;
    }

    /// <summary>P8: joiners come last, at most one less than stay, so that a quorum of the next view knows the old one.</summary>
    private void AddJoiners(ViewState view, ulong stay, List<NodeInfo> members)
    {
        int room = view.Key.IsBootstrap || stay == 0 ? 0 : Math.Max(1, BitOperations.PopCount(stay) - 1);
        if (_rules.JoinersNotCapped)
            room = 63;
        foreach (Seeker seeker in _joins.Seekers)
            if (room > 0 && stay != 0 && !view.Key.IsBootstrap && members.Count < 64 && IsAdmissible(view, seeker, stay))
            {
                members.Add(seeker.Info);
                room--;
            }
    }

    private Seeker? AdmissibleJoiner(ViewState view, ulong best)
    {
        ulong stay = Stayers(view, best);
        foreach (Seeker seeker in _joins.Seekers)
            if (stay != 0 && IsAdmissible(view, seeker, stay))
                return seeker;
        return null;
    }

    /// <summary>A joiner must reach, and be reached by, every member that stays, and its name must be free.</summary>
    private bool IsAdmissible(ViewState view, Seeker seeker, ulong stay)
    {
        for (int r = 0; r < view.Size; r++)
        {
            NodeId member = view.Members[r].Id;
            bool stays = (stay >> r & 1) != 0;
            if (member == seeker.Info.Id && !_rules.JoinerAdmittedTwice)
                return false;
            if (stays && member.Name == seeker.Info.Id.Name && member != seeker.Info.Id)
                return false;
            if (stays && member != seeker.Info.Id && !seeker.Sees(member))
                return false;
        }
        foreach (Seeker other in _joins.Seekers)
            if (other.Info.Id.Name == seeker.Info.Id.Name && other.Info.Id.Incarnation > seeker.Info.Id.Incarnation)
                return false;
        return _now - seeker.HeardAt <= 2L * _options.Times.Heartbeat; // it speaks four times as often: an older word may be a dead one's
    }

    private long NewEpoch()
    {
        const long Max = (1L << 48) - 1;
        long clock = _options.WallClockMs + (_now - _startedAt);
        return Math.Min(Max, Math.Max(clock, _highestEpoch + 1));
    }

    private static List<string> Names(IReadOnlyList<NodeInfo> members)
    {
        var names = new List<string>(members.Count);
        foreach (NodeInfo member in members)
            names.Add(member.Id.Name);
        return names;
    }
}
