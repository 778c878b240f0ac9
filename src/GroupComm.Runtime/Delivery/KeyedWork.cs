using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Delivery;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// A member's messages with conflict keys that are under way. The pump admits them in delivery order and passes views,
/// notices and messages without keys as barriers, inside of which nothing else runs; the pool runs what the
/// <see cref="KeySchedule{TKey}"/> lets start. Events keep delivery order: one waits for the handlers of all before it, the
/// handlers do not wait for it, except that events and handlers together stay within the limit.
/// </summary>
internal sealed class KeyedWork(Member member, System.Threading.Channels.ChannelWriter<GroupEvent>? events)
{
    private const int NoBarrier = -1;

    private readonly Lock _lock = new();
    private readonly KeySchedule<MessageKey> _schedule = new(CoreLimits.KeysInFlight);
    private readonly List<KeyedMessage?> _byItem = [];
    private readonly Queue<KeyedMessage> _order = new(); // with events: by delivery
    private readonly List<KeyedUnit> _units = [];
    private readonly Stack<KeyedUnit> _idle = new();
    private int _barrier = NoBarrier;
    private bool _inBarrier;
    private bool _pumpWaits;
    private bool _telling;
    private int _paused;
    private int _open;
    private long _completed;

    /// <summary>Messages are under way.</summary>
    public bool IsBusy => Volatile.Read(ref _open) > 0;

    /// <summary>Messages that are done.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>False: the pump leaves its thread and is run again when there is room.</summary>
    public bool HasRoom()
    {
        lock (_lock)
            return !(_pumpWaits = !RoomForOne);
    }

    /// <summary>Everything before is done and nothing else starts until <see cref="LeaveBarrier"/>. False: the pump leaves its
    /// thread, is run again later and asks again.</summary>
    public bool EnterBarrier()
    {
        lock (_lock)
        {
            if (_barrier == NoBarrier && _schedule.HasRoom)
            {
                _barrier = _schedule.AdmitBarrier();
                StartReady();
            }
            return !(_pumpWaits = !PumpMayGoOn(barrier: true));
        }
    }

    /// <summary>Does nothing when there is none.</summary>
    public void LeaveBarrier()
    {
        lock (_lock)
        {
            if (_barrier == NoBarrier)
                return;
            _schedule.Complete(_barrier);
            (_barrier, _inBarrier) = (NoBarrier, false);
            StartReady();
        }
    }

    public KeyedUnit BeginUnit(DeliveryUnit unit, bool credited)
    {
        lock (_lock)
        {
            if (!_idle.TryPop(out KeyedUnit? keyed))
                keyed = new KeyedUnit();
            (keyed.Unit, keyed.Open, keyed.Credited, keyed.Place) = (unit, 1, credited, _units.Count);
            _units.Add(keyed);
            return keyed;
        }
    }

    /// <summary>The pump has read all of it.</summary>
    public void EndUnit(KeyedUnit unit)
    {
        long freed;
        lock (_lock)
            freed = Close(unit);
        member.ReportHandled(freed);
    }

    public void Admit(KeyedMessage message, MessageKey? key)
    {
        lock (_lock)
        {
            int item = _schedule.Admit(key);
            while (_byItem.Count <= item)
                _byItem.Add(null);
            _byItem[item] = message;
            message.Item = item;
            message.Unit.Open++;
            _open++;
            if (events is not null)
                _order.Enqueue(message);
            StartReady();
        }
    }

    /// <summary>The handler is done, or was passed over.</summary>
    public void Handled(KeyedMessage message)
    {
        long freed = 0;
        bool tell = false;
        lock (_lock)
        {
            _byItem[message.Item] = null;
            _schedule.Complete(message.Item);
            message.IsHandled = true;
            if (events is null)
                freed = End(message);
            else
                tell = !_telling && (_telling = _order.Peek().IsHandled);
            StartReady();
            WakePump();
        }
        if (tell)
            _ = TellAsync();
        else
            member.ReportHandled(freed);
    }

    /// <summary>Nothing starts until <see cref="Resume"/>; what runs goes on.</summary>
    public void Pause()
    {
        lock (_lock)
            _paused++;
    }

    public void Resume()
    {
        lock (_lock)
        {
            _paused--;
            StartReady();
            WakePump();
        }
    }

    /// <summary>Gives the credit for what is under way; answers the bytes that came free.</summary>
    public long Credit()
    {
        long bytes = 0;
        lock (_lock)
        {
            foreach (KeyedUnit unit in _units)
            {
                if (unit.Credited)
                    continue;
                unit.Credited = true;
                bytes += unit.Unit.Credit() ? unit.Unit.Bytes : 0;
            }
        }
        return bytes;
    }

    private bool RoomForOne => _schedule.HasRoom && _open < CoreLimits.KeysInFlight;

    private bool PumpMayGoOn(bool barrier) => barrier ? _inBarrier && _open == 0 : RoomForOne;

    private void StartReady()
    {
        while (_paused == 0 && _schedule.TryStart(out int item))
        {
            if (item == _barrier)
                _inBarrier = true;
            else
                ThreadPool.UnsafeQueueUserWorkItem(_byItem[item]!, preferLocal: false);
        }
    }

    private void WakePump()
    {
        if (!_pumpWaits || !PumpMayGoOn(_barrier != NoBarrier))
            return;
        _pumpWaits = false;
        member.RunInPool();
    }

    private async Task TellAsync()
    {
        while (true)
        {
            KeyedMessage message;
            lock (_lock)
            {
                if (!_order.TryPeek(out message!) || !message.IsHandled)
                {
                    _telling = false;
                    return;
                }
            }
            try
            {
                MessageDelivered delivered = message.ToEvent();
                if (!events!.TryWrite(delivered))
                    await events.WriteAsync(delivered, member.Stopping).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
            {
                // The member ended meanwhile.
            }
            long freed;
            lock (_lock)
            {
                _order.Dequeue();
                freed = End(message);
                WakePump();
            }
            member.ReportHandled(freed);
        }
    }

    private long End(KeyedMessage message)
    {
        KeyedUnit unit = message.Unit;
        message.End();
        _open--;
        _completed++;
        return Close(unit);
    }

    private long Close(KeyedUnit unit)
    {
        if (--unit.Open > 0)
            return 0;
        KeyedUnit last = _units[^1];
        _units[last.Place = unit.Place] = last;
        _units.RemoveAt(_units.Count - 1);
        long bytes = unit.Unit.Bytes;
        bool free = unit.Unit.CloseAndRelease(unit.Credited);
        unit.Unit = null!;
        _idle.Push(unit);
        return free ? bytes : 0;
    }
}
