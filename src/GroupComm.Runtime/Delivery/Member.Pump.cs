using System;
using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Delivery;

// The pump. At most one thread is in it: the queue's flag says so, and while a handler waits, its continuation owns it.
// Per message it reads a length, moves the context and calls the handler; everything else is per unit.
internal partial class Member
{
    /// <summary>How long pumps may run on a thread that has something else to do, in ticks.</summary>
    public static readonly long BriefTime = Clock.Microseconds(1000);

    private readonly PumpSpeed _speed = new();
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _waiting;
    private Phase _phase;
    private DeliveryUnit _unit = null!;
    private MemberNotice _notice = null!;
    private MessageHandler? _handler;
    private byte[] _buffer = [];
    private int _offset;
    private int _index;
    private bool _briefly;
    private volatile bool _skip;
    private bool _credited;
    private long _done;
    private ReadOnlySequence<byte> _payload;

    private enum Phase
    {
        /// <summary>Between two items.</summary>
        Next,

        /// <summary>In a unit, before a message.</summary>
        Message,

        /// <summary>A handler of a message was called and did not complete at once.</summary>
        MessageWaits,

        /// <summary>The event of a message waits for room.</summary>
        EventWaits,

        /// <summary>A notice waits for messages with keys.</summary>
        NoticeDue,

        /// <summary>The view handler did not complete at once.</summary>
        NoticeWaits,

        /// <summary>The event of a notice waits for room.</summary>
        NoticeEventWaits,

        /// <summary>The state is captured or restored.</summary>
        StateWaits,

        /// <summary>A failed member waits for what becomes of the others.</summary>
        FailureWaits,
    }

    private void Loop()
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            switch (_phase)
            {
                case Phase.Next:
                    if (_briefly && Stopwatch.GetTimestamp() - began > BriefTime)
                    {
                        RunInPool();
                        return;
                    }
                    if (!_queue.TryTake(out DeliveryItem item))
                        return;
                    if (item.Unit is { } unit)
                        BeginUnit(unit, item.Credited);
                    else if (!ReceiveNotice(item.Notice!))
                        return;
                    break;
                case Phase.Message:
                    if (!HandleUnit())
                        return;
                    break;
                case Phase.MessageWaits:
                    if (!EndWait() || !EndMessage())
                        return;
                    break;
                case Phase.EventWaits:
                    EndQuietly();
                    NextMessage();
                    break;
                case Phase.NoticeDue:
                    if (!ReceiveNotice(_notice))
                        return;
                    break;
                case Phase.NoticeWaits:
                    if (!EndWait() || !TellNotice())
                        return;
                    break;
                case Phase.NoticeEventWaits:
                    EndQuietly();
                    EndNotice();
                    break;
                case Phase.StateWaits:
                    EndQuietly();
                    if (!EndState())
                        return;
                    break;
                case Phase.FailureWaits:
                    EndQuietly();
                    DecideAfterFailure();
                    break;
                default:
                    throw new InvalidOperationException($"unknown phase {_phase}");
            }
        }
    }

    private void BeginUnit(DeliveryUnit unit, bool credited)
    {
        _unit = unit;
        _credited = credited;
        _index = 0;
        _phase = Phase.Message;
        _handler = _handlers.For(unit.Segment.TypeId, unit.Segment.Query);
        if (unit.Large is null)
            (_buffer, _offset) = (unit.Buffer, unit.Offset);
        if (_handler is KeyedHandler)
            _keyed = _keys!.BeginUnit(unit, credited);
        else if (!credited)
            Volatile.Write(ref _inHand, unit);
    }

    /// <returns>False when the pump has to leave this thread.</returns>
    private bool HandleUnit()
    {
        DeliveryUnit unit = _unit;
        LocalGroupView? view = _view;
        if (_handler is null && !_skip && !_dropping && _events is null)
            _owner.Unhandled(this, unit.Segment.TypeId, unit.Count, null);
        if (view is null || _skip || _dropping || (_handler is null && _events is null))
        {
            EndUnit(0, 0);
            return true;
        }
        if (_keys is not null)
        {
            if (_handler is KeyedHandler keyed)
                return HandleKeyed(unit, view, keyed);
            if (!_keys.EnterBarrier())
                return false;
        }

        _timing.Begin(unit);
        long began = Stopwatch.GetTimestamp();
        int first = _index;
        while (_index < unit.Count)
        {
            ReadPayload(unit);
            _context.Move(unit, view, unit.First + _index, unit.Position + _index);
            if (_handler is not null && !Call(_handler))
                return false;
            if (_events is not null && !TellMessage())
                return false;
            _index++;
            if (_skip)
                break;
        }
        EndUnit(Stopwatch.GetTimestamp() - began, unit.Count - first);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadPayload(DeliveryUnit unit)
    {
        if (unit.Large is { } large)
        {
            _payload = large.Payload;
            return;
        }
        int offset = _offset;
        int length = Varint.Read(_buffer, ref offset);
        _payload = new ReadOnlySequence<byte>(_buffer, offset, length);
        _offset = offset + length;
    }

    /// <returns>False when the handler waits.</returns>
    private bool Call(MessageHandler handler)
    {
        try
        {
            ValueTask call = handler.Handle(_payload, _context, _stop.Token);
            if (!call.IsCompleted)
                return Wait(call, Phase.MessageWaits);
            call.GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            return Fail(error);
        }
        return true;
    }

    private bool EndMessage()
    {
        if (_phase != Phase.MessageWaits)
            return true;
        _phase = Phase.Message;
        if (_events is not null && !TellMessage())
            return false;
        NextMessage();
        return true;
    }

    private void NextMessage()
    {
        _phase = Phase.Message;
        if (++_index >= _unit.Count || _skip)
            EndUnit(0, 0);
    }

    private void EndUnit(long ticks, int messages)
    {
        DeliveryUnit unit = _unit;
        _timing.End(unit.Count);
        _context.Leave();
        _payload = default;
        _phase = Phase.Next;
        _unit = null!;
        _done++;
        if (messages > 0)
            _speed.Handled(ticks, messages);
        if (_keyed is not null)
        {
            EndKeyedUnit();
            return;
        }
        _keys?.LeaveBarrier();
        // Whoever removed this member in the middle of it has given the credit.
        bool credited = _credited || Interlocked.CompareExchange(ref _inHand, null, unit) != unit;
        long bytes = unit.Bytes;
        bool large = unit.Large is not null, aside = unit.IsAside;
        if (aside)
            Interlocked.Add(ref _aside, -bytes);
        if (!unit.CloseAndRelease(credited) || aside)
            return;
        _owner.Handled(bytes, large);
    }

    /// <summary>Leaves the thread until the task completes; goes on in the pool.</summary>
    private bool Wait(ValueTask task, Phase phase)
    {
        _speed.Waited();
        _phase = phase;
        _waiting = task.ConfigureAwait(false).GetAwaiter();
        _waiting.UnsafeOnCompleted(_resume);
        return false;
    }

    /// <returns>False when the failure makes the pump leave this thread.</returns>
    private bool EndWait()
    {
        try
        {
            _waiting.GetResult();
        }
        catch (Exception error)
        {
            return Fail(error);
        }
        return true;
    }

    private void EndQuietly()
    {
        try
        {
            _waiting.GetResult();
        }
        catch (Exception error) when (error is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            // The member ended while it waited.
        }
    }
}
