using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.State;

namespace GroupComm.Runtime.Delivery;

// State at its place in the delivery order: the donor captures between two deliveries; a joiner handles nothing before its
// restore has ended, and drops what came before the point of an attempt that replaces another.
internal sealed partial class Member
{
    private StateWork _work = null!;
    private readonly List<CaptureWork> _given = []; // core's owner only, as is the next
    private AwaitWork? _awaited; // the attempt that counts
    private bool _restored;
    private volatile bool _returns; // from an earlier life of the node: a restored state is a reset
    private bool _dropping; // between two attempts
    private volatile bool _waits;
    private int _captures;
    private long _aside;

    /// <summary>It waits for its state, or captures it for another: no rule for slow consumers applies.</summary>
    public bool IsTransferring => _waits || Volatile.Read(ref _captures) > 0;

    /// <summary>Whether a delivery goes aside, so that its sender does not wait for this member. Core's owner only.</summary>
    public bool TakesAside(long bytes)
    {
        if (!IsTransferring || Volatile.Read(ref _aside) + bytes > StateLimits.Aside)
            return false;
        Interlocked.Add(ref _aside, bytes);
        return true;
    }

    /// <summary>It was in an earlier view of another life and awaits its state anew. Core's owner only.</summary>
    public void AwaitsAgain() => _returns = true;

    /// <summary>Notes what comes with the notice of a piece of work. Core's owner only.</summary>
    public MemberNotice Prepare(StateWork work)
    {
        if (work is CaptureWork capture)
        {
            Interlocked.Increment(ref _captures);
            _given.RemoveAll(static each => each.Outcome != StateOutcome.Open);
            _given.Add(capture);
            return MemberNotice.Of(work);
        }
        _awaited?.GiveUp();
        _awaited = work as AwaitWork;
        if (work is AwaitWork { Fresh: true })
            _waits = true;
        return MemberNotice.Of(work);
    }

    /// <summary>The member or its life ends: it neither waits nor gives any more. Core's owner only.</summary>
    public void GiveUpStates()
    {
        _awaited?.GiveUp();
        _awaited = null;
        _given.ForEach(static capture => capture.GiveUp());
        _given.Clear();
    }

    /// <summary>There is no state for it. If it still waits, its join fails.</summary>
    public void LoseState(Exception error)
    {
        FailJoin(error);
        _awaited?.GiveUp();
    }

    /// <returns>False when the pump has to leave this thread.</returns>
    private bool BeginState(StateWork work)
    {
        _work = work;
        switch (work)
        {
            case CaptureWork capture when !_skip:
                return Wait(new ValueTask(StateRun.CaptureAsync(capture, _owner.States, _handlers.Capture!, _stop.Token)), Phase.StateWaits);
            case AwaitWork attempt when !_skip:
                _restored &= !attempt.Fresh;
                if (_restored || attempt.Given.IsCancellationRequested)
                {
                    _dropping = !_restored;
                    _owner.States.Refuse(attempt.Key);
                    return PassOver();
                }
                _dropping = false;
                return Wait(new ValueTask(StateRun.RestoreAsync(attempt, _owner.States, _handlers.Restore!, _stop.Token)), Phase.StateWaits);
            case EmptyWork empty when !_skip:
                _dropping = false;
                return Wait(new ValueTask(StateRun.EmptyAsync(empty, _handlers.Restore!, _stop.Token)), Phase.StateWaits);
            default:
                return EndState();
        }
    }

    /// <returns>False when the pump has to leave this thread.</returns>
    private bool EndState()
    {
        StateWork work = _work;
        bool reset = false;
        if (work is CaptureWork)
        {
            Interlocked.Decrement(ref _captures);
        }
        else if (work.Outcome == StateOutcome.Done)
        {
            (_restored, _waits) = (true, false);
            reset = work is EmptyWork || _returns;
            _returns = false;
        }
        else
        {
            _dropping = true;
            if (work.Outcome == StateOutcome.Failed)
                FailState(work.Error!);
        }
        if (work.Outcome != StateOutcome.Open)
            _owner.StateEnded(this, work);
        if (!reset)
            return PassOver();
        (_notice, _phase) = (new MemberNotice(new Reset()), Phase.NoticeWaits);
        return TellNotice();
    }

    private void FailState(Exception error)
    {
        bool capture = error is CaptureFailedException;
        FailJoin(new StateTransferException(
            $"'{Handle.Name}' was not joined: {(capture ? "the capture at the donor" : "the restore")} failed: {error.Message}; mend it and join again", error));
        _skip = true;
        _waits = false;
        _owner.LeaveGroup(this, capture ? "capture failed" : "restore failed");
    }
}
