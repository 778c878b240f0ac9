using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Flow;

namespace GroupComm.Runtime.Delivery;

// A member that does not consume (docs/decisions/0021). Everything here is the core's owner's.
internal partial class Member
{
    private readonly ConsumerWatch _watch;
    private DeliveryUnit? _inHand; // whose credit the pump owes; whoever takes it out gives the credit
    private bool _buffering;

    /// <summary>It was found standing still and has to go.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>Seconds that it has been standing still.</summary>
    public double Stands(long now) => _watch.Stands(now) / 1000.0;

    /// <summary>Looks whether it consumes. A report lets its queue grow: what waits is credited up to the queue limit.</summary>
    public ConsumerVerdict Look(long now)
    {
        bool waits = _queue.IsScheduled || _keys is { IsBusy: true };
        long done = (Volatile.Read(ref _done) << 24) + Volatile.Read(ref _index) + (_keys?.Completed ?? 0);
        ConsumerVerdict verdict = _watch.Look(now, waits, done, _queue.Bytes, IsTransferring);
        if (verdict == ConsumerVerdict.Report)
            _queue.Credit();
        if (_watch.IsReported)
            CreditInHand(); // each time: the pump may have had it in between
        _buffering = _watch.IsReported;
        IsRemoved |= verdict == ConsumerVerdict.Remove;
        return verdict;
    }

    /// <summary>
    /// It was removed from its group for not consuming. Its queue is dropped and credited, the message in its handler is
    /// credited; the handler is told by its token and nothing waits for it.
    /// </summary>
    public void Evict()
    {
        _skip = true;
        Volatile.Write(ref _ended, (int)GroupStatus.Left);
        _queue.Close();
        CreditInHand();
        _events?.Writer.TryWrite(new Left()); // a reader that left no room learns it from the end of the events
        _events?.Writer.TryComplete();
        _handlers.Observer?.Notice(new Left(), _view?.Self ?? default); // beside the call that does not return
        _left.TrySetResult();
        FailJoin(new JoinException(JoinStep.Admission, $"'{Handle.Name}' was joined and left again, reason {ConsumerWatch.Reason}: its view handler does not return"));
        _ = _stop.CancelAsync();
    }

    private void CreditInHand()
    {
        Interlocked.Exchange(ref _inHand, null)?.Credit();
        _keys?.Credit();
    }

    private DeliveryItem Credited(in DeliveryItem item)
    {
        if (item.Unit is not { } unit || _queue.Bytes > Options.SlowConsumerQueueLimit)
            return item;
        unit.Credit();
        return item with { Credited = true };
    }
}
