using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

// Views, events and failures: everything in the pump that is not a message on its way to the handler.
internal partial class Member
{
    // How long the senior member of a view waits, after its handler failed, to see whether it is the only one left.
    private static readonly TimeSpan FailureGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>A notice is a barrier for all keys.</summary>
    private bool ReceiveNotice(MemberNotice notice)
    {
        if (_keys is null)
            return BeginNotice(notice);
        (_notice, _phase) = (notice, Phase.NoticeDue); // before: the pump may run elsewhere as soon as it has to wait
        return _keys.EnterBarrier() && BeginNotice(notice);
    }

    private bool BeginNotice(MemberNotice notice)
    {
        if (notice.Mark is { } mark)
        {
            mark();
            return PassOver();
        }
        if (notice.State is { } work)
            return BeginState(work);
        // Back as the first of a group begun anew: nobody has a state to wait for.
        if (notice.Event is Reset)
            (_dropping, _waits) = (false, false);
        if (_dropping && notice is { Ends: null, Away: null })
            return PassOver();
        _notice = notice;
        _phase = Phase.NoticeWaits;
        if (notice.View is { } view)
        {
            _view = view;
            Volatile.Write(ref _away, -1);
            _joined.TrySetResult(Handle);
        }
        if (_skip)
            return TellNotice();
        try
        {
            ValueTask call = CallHandler(notice);
            if (!call.IsCompleted)
                return Wait(call, Phase.NoticeWaits);
            call.GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            if (!Fail(error))
                return false;
        }
        return _phase == Phase.FailureWaits || TellNotice();
    }

    /// <summary>Nobody is told of it.</summary>
    private bool PassOver()
    {
        _phase = Phase.Next;
        _keys?.LeaveBarrier();
        return true;
    }

    /// <summary>Views and resets have handlers, everything else only readers of events.</summary>
    private ValueTask CallHandler(MemberNotice notice)
    {
        if (notice.View is { } view)
            return _handlers.View?.Invoke(view.View, _stop.Token) ?? default;
        // A member with a state provider does not forget: its state is restored, or it is what the group begins anew with.
        return notice.Event is Reset && _handlers.Restore is null ? _handlers.Reset?.Invoke(_stop.Token) ?? default : default;
    }

    private bool TellNotice()
    {
        if (_phase == Phase.FailureWaits)
            return true;
        _handlers.Observer?.Notice(_notice.Event, _view?.Self ?? default);
        if (_events is not null && !_events.Writer.TryWrite(_notice.Event) && _notice.Ends is null)
            return Wait(_events.Writer.WriteAsync(_notice.Event, _stop.Token), Phase.NoticeEventWaits);
        EndNotice();
        return true;
    }

    private void EndNotice()
    {
        MemberNotice notice = _notice;
        _notice = null!;
        _phase = Phase.Next;
        _done++;
        _keys?.LeaveBarrier();
        if (notice.Away is { } away)
            Volatile.Write(ref _away, (int)away);
        if (notice.Ends is not { } status)
            return;
        _skip = true;
        Volatile.Write(ref _ended, (int)status);
        _events?.Writer.TryComplete();
        _left.TrySetResult();
        FailJoin(new JoinException(JoinStep.Admission, $"'{Handle.Name}' was not joined: the node or member ended first ({notice.Event}); start a node again"));
        _stop.Cancel();
    }

    private bool TellMessage()
    {
        MessageDelivered delivered = new(
            _context.Id, _context.Sender, _context.Order, _unit.Segment.TypeId, _payload.ToArray(), _context.Position);
        return _events!.Writer.TryWrite(delivered) || Wait(_events.Writer.WriteAsync(delivered, _stop.Token), Phase.EventWaits);
    }

    /// <summary>A handler threw; what happens now is the member's policy.</summary>
    /// <returns>False when the pump has to leave this thread.</returns>
    private bool Fail(Exception error)
    {
        if (error is UndecodableException)
        {
            _owner.Unhandled(this, _unit.Segment.TypeId, 1, error.InnerException);
            return true;
        }
        if (error is OperationCanceledException && _stop.IsCancellationRequested)
            return true;
        _timing.Fail(error);
        _owner.HandlerFailed(this, error);
        if (Options.HandlerFailurePolicy != HandlerFailurePolicy.Stop || _latest is not { } latest || latest.View.Members.Count <= 1)
            return true;
        if (latest.View.Members[0] != new MemberId(latest.Self, Name))
        {
            StopAfterFailure();
            return true;
        }
        // The same message may have failed at every replica, and somebody has to stay: the senior member looks first
        // whether the others go. It handles nothing meanwhile.
        _failedIn = _phase == Phase.NoticeWaits ? Phase.NoticeWaits : Phase.Message;
        return Wait(new ValueTask(Task.Delay(FailureGrace, CancellationToken.None)), Phase.FailureWaits);
    }

    private Phase _failedIn;

    private void DecideAfterFailure()
    {
        if (_latest is { } latest && latest.View.Members.Count > 1)
            StopAfterFailure();
        if (_failedIn == Phase.NoticeWaits)
            EndNotice();
        else
            NextMessage();
    }

    private void StopAfterFailure()
    {
        _skip = true;
        _owner.LeaveGroup(this, "handler failed");
    }
}
