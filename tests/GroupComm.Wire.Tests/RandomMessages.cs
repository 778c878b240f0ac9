using System;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire.Tests;

/// <summary>Messages of every kind from a seed, with sizes and numbers of all magnitudes.</summary>
internal sealed class RandomMessages(int seed)
{
    private readonly Random _random = new(seed);

    public Message Next(MessageKind kind)
    {
        ViewKey view = View();
        return kind switch
        {
            MessageKind.Bundle => Bundle(),
            MessageKind.Orders => new Orders(view, Number(), Runs()),
            MessageKind.Ack => new Ack(view, Number(), Vector(), Vector(), Flag()),
            MessageKind.Heartbeat => new Heartbeat(view, Number(), Number(), (ulong)Any(), Flag()),
            MessageKind.Resume => new Resume(view, Number(), Number()),
            MessageKind.Wedge => new Wedge(view, Ballot(), Flag() ? null : Infos()),
            MessageKind.Wedged => new Wedged(view, Ballot(), Ballot(), Flag() ? null : Value(), Vector(), Number(), Runs(), (ulong)Any(), Flag()),
            MessageKind.Refused => new Refused(view, Ballot(), Ballot()),
            MessageKind.Pull => Pull(view),
            MessageKind.Bodies => new Bodies(view, Many(4, Bundle)),
            MessageKind.Propose => new Propose(view, Ballot(), Value(), Many(3, Bundle)),
            MessageKind.Accepted => new Accepted(view, Ballot()),
            MessageKind.Decide => new Decide(view, _random.Next(65), Value(), Flag() ? null : Table(), Many(3, Bundle)),
            MessageKind.Help => new Help(view, Vector()),
            MessageKind.Notice => new Notice(view),
            MessageKind.Gone => new Gone(view, Text(0, 100)),
            MessageKind.Leave => new Leave(view),
            MessageKind.Seek => new Seek(Info(), _random.Next(10), Number(), Infos(), Any()),
            MessageKind.Known => new Known(view, Infos()),
            MessageKind.JoinRefused => new JoinRefused(view, (JoinRefusal)_random.Next(1, 5), Number()),
            MessageKind.Probe => new Probe(view, Any()),
            MessageKind.ProbeReply => new ProbeReply(view, Any()),
            MessageKind.Direct => new Direct(view, 1 + (Number() >> 1), [Unicast(), .. Many(5, Unicast)]),
            MessageKind.DirectAck => Number() is var received ? new DirectAck(view, received, received >> _random.Next(9)) : null!,
            MessageKind.StateOpen => new StateOpen(Small(), Small(), Number()),
            MessageKind.StateChunk => new StateChunk(Payload()),
            MessageKind.StateEnd => new StateEnd(Number(), (ulong)Any()),
            MessageKind.StateAbort => new StateAbort(Text(0, 100)),
            MessageKind.StateTaken => new StateTaken(Number()),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private Bundle Bundle()
    {
        var maker = new BundleMaker(View(), _random.Next(64), 1 + (Number() >> 1), Vector(), _random.Next(9));
        int segments = _random.Next(20) == 0 ? 100 : _random.Next(1, 5);
        for (int i = 0; i < segments; i++)
        {
            var like = new Segment
            {
                Order = (DeliveryOrder)_random.Next(1, 5), Stamped = Flag(), Group = Small(), GroupView = Number(), Slot = Small(),
                TypeId = Flag() ? null : Text(1, 40),
            };
            switch (_random.Next(11))
            {
                case 6:
                    like.Kind = SegmentKind.Barrier;
                    maker.Add(like);
                    break;
                case 7:
                    like.Query = true;
                    maker.Add(like, Payload());
                    break;
                case 0:
                    like.Kind = SegmentKind.GroupChange;
                    like.Control = new GroupChange(Flag(), Text(1, 30), Small(), Text(0, 20), Flag() ? null : new(Flag(), Flag(), Flag()), Text(0, 20), Flag());
                    maker.Add(like);
                    break;
                case 1:
                    like.Kind = SegmentKind.GroupMark;
                    like.Control = new GroupMark(Small(), Number());
                    maker.Add(like);
                    break;
                case 8:
                    like.Kind = SegmentKind.StateDone;
                    like.Control = new StateDone(Small(), Small());
                    maker.Add(like);
                    break;
                case 9:
                    like.Kind = SegmentKind.StateRetry;
                    like.Control = new StateRetry(Small(), Small(), Number());
                    maker.Add(like);
                    break;
                case 2:
                    like.FragmentsLeft = Small();
                    like.TraceParent = Flag() ? null : Text(1, 40);
                    maker.Add(like, Payload());
                    break;
                case 3:
                    like.TraceParent = Text(1, 60);
                    maker.Add(like, Payload());
                    break;
                default:
                    maker.Add(like, [.. Enumerable.Range(0, _random.Next(1, 30)).Select(_ => Payload())]);
                    break;
            }
        }
        return maker.Build();
    }

    private DirectItem Unicast() => new(
        (DirectKind)_random.Next(3), Small(), Number(), Small(), Small(), Flag() ? null : Text(1, 40), Number(), Number(), Payload());

    private byte[] Payload()
    {
        byte[] payload = new byte[_random.Next(50) == 0 ? _random.Next(20_000) : _random.Next(200)];
        _random.NextBytes(payload);
        return payload;
    }

    private ViewValue Value() => new(
        View(), Infos(), Vector(), Number(), Runs(), Many(4, () => new Departure(Id(), Text(0, 30))), Many(4, Id), Many(4, () => Id().Name), Small());

    private GroupTableState Table() => new(
        Small(), Number(),
        Many(5, () => new GroupState(
            Small(), Text(1, 30), new(Flag(), Flag(), Flag()), Number(), Number(), Many(4, () => new GroupMember(Id(), Small(), Text(1, 20), Flag(), Flag() ? null : new StateSource(1 + (Number() >> 1), Id(), Small()))))));

    private Pull Pull(ViewKey view)
    {
        long[] after = Vector();
        return new Pull(view, after, [.. after.Select(_ => Number())]);
    }

    private OrderRun[] Runs() => Many(_random.Next(10) == 0 ? 200 : 5, () =>
    {
        int count = Small();
        return new OrderRun(_random.Next(64), count + (Number() >> 1), count);
    });

    private Ballot Ballot() => new(Number(), _random.Next(64));

    private ViewKey View() => Flag() ? new ViewKey(Any(), 0) : new ViewKey(Number() >> 5, Number() >> 5);

    private NodeInfo[] Infos() => Many(6, Info);

    private NodeInfo Info() => new(Id(), Text(0, 60));

    private NodeId Id() => new(new string([.. Enumerable.Range(0, _random.Next(1, 65)).Select(_ => "azAZ09._-"[_random.Next(9)])]), 1 + (Number() >> 1));

    private long[] Vector() => Many(_random.Next(10) == 0 ? 65 : 6, Number);

    private string Text(int min, int max) =>
        string.Concat(Enumerable.Range(0, _random.Next(min, max)).Select(_ => new[] { "a", "Z", "ß", "∅", "𝄞", " " }[_random.Next(6)])) is { Length: > 0 } text
            ? text : min == 0 ? "" : "x";

    private T[] Many<T>(int max, Func<T> one) => [.. Enumerable.Range(0, _random.Next(max)).Select(_ => one())];

    private bool Flag() => _random.Next(2) == 0;

    private int Small() => (int)(Number() & int.MaxValue);

    private long Number() => _random.NextInt64() >> _random.Next(11, 63) & WireLimits.MaxNumber;

    private long Any() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);
}
