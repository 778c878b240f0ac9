using System;
using System.Collections.Generic;
using GroupComm.Core.Delivery;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class KeyScheduleTests
{
    private readonly KeySchedule<char> _schedule = new(limit: 8);

    [Fact]
    public void Different_keys_start_together_and_equal_ones_one_after_the_other()
    {
        int a1 = Admit('a'), b1 = Admit('b'), a2 = Admit('a'), b2 = Admit('b');
        Assert.Equal([a1, b1], Started());
        _schedule.Complete(b1);
        Assert.Equal([b2], Started());
        _schedule.Complete(a1);
        Assert.Equal([a2], Started());
    }

    [Fact]
    public void A_message_without_a_key_waits_for_all_before_it_and_all_after_it_wait()
    {
        int a1 = Admit('a'), b1 = Admit('b'), none = Admit(null), a2 = Admit('a'), c1 = Admit('c');
        Assert.Equal([a1, b1], Started());
        _schedule.Complete(a1);
        Assert.Empty(Started());
        _schedule.Complete(b1);
        Assert.Equal([none], Started());
        int late = Admit('d'); // admitted while the barrier runs
        Assert.Empty(Started());
        _schedule.Complete(none);
        Assert.Equal([a2, c1, late], Started());
    }

    [Fact]
    public void Barriers_in_a_row_run_one_by_one()
    {
        int first = _schedule.AdmitBarrier(), second = _schedule.AdmitBarrier(), a = Admit('a');
        Assert.Equal([first], Started());
        _schedule.Complete(first);
        Assert.Equal([second], Started());
        _schedule.Complete(second);
        Assert.Equal([a], Started());
    }

    [Fact]
    public void No_more_than_the_limit_is_admitted()
    {
        for (int i = 0; i < 8; i++)
            Admit((char)i);
        Assert.False(_schedule.HasRoom);
        Assert.Throws<InvariantException>(() => Admit('z'));
        _schedule.Complete(Started()[0]);
        Assert.True(_schedule.HasRoom);
        Assert.Equal(7, _schedule.Count);
    }

    // The rule again, in one line: an item may run when no earlier open item conflicts. Random walks must agree with it.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_walks_start_exactly_what_conflicts_with_nothing_before(int seed)
    {
        Random random = new(seed);
        KeySchedule<char> schedule = new(limit: 12);
        List<(int Item, char? Key)> open = [];
        HashSet<int> running = [];
        for (int step = 0; step < 20_000; step++)
        {
            if (schedule.HasRoom && random.Next(2) == 0)
            {
                char? key = random.Next(8) == 0 ? null : (char)('a' + random.Next(3));
                open.Add((schedule.Admit(key), key));
            }
            else if (running.Count > 0)
            {
                int at = random.Next(open.Count);
                while (!running.Contains(open[at].Item))
                    at = (at + 1) % open.Count;
                running.Remove(open[at].Item);
                schedule.Complete(open[at].Item);
                open.RemoveAt(at);
            }
            while (schedule.TryStart(out int item))
                Assert.True(running.Add(item));
            for (int i = 0; i < open.Count; i++)
            {
                bool free = true;
                for (int j = 0; j < i; j++)
                    free &= open[j].Key is not null && open[i].Key is not null && open[j].Key != open[i].Key;
                Assert.Equal(free, running.Contains(open[i].Item));
            }
        }
    }

    private int Admit(char? key) => _schedule.Admit(key);

    private List<int> Started()
    {
        List<int> started = [];
        while (_schedule.TryStart(out int item))
            started.Add(item);
        return started;
    }
}
