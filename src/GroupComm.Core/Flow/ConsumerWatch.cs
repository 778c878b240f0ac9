namespace GroupComm.Core.Flow;

/// <summary>What is to be done about a member.</summary>
internal enum ConsumerVerdict
{
    /// <summary>It consumes, or has nothing to consume.</summary>
    Fine,

    /// <summary>It has begun to stand still for too long: say so, and let its queue grow. Answered once per stall.</summary>
    Report,

    /// <summary>It has to leave its group, reason <see cref="ConsumerWatch.Reason"/>. Answered once.</summary>
    Remove,
}

/// <summary>
/// Decides when a member is a slow consumer (protocol.md section 6, docs/decisions/0021): something has been waiting for it
/// for <paramref name="timeout"/> and it has completed nothing in that time. One message in all that time is enough to stay:
/// slow is allowed, standing still is not. A time, never a count.
/// </summary>
/// <param name="timeout">How long it may stand still; the unit of time is the caller's.</param>
/// <param name="removes">False: it is reported, and removed only when its queue is longer than <paramref name="cap"/>.</param>
/// <param name="cap">Bytes that its queue may hold after the report.</param>
internal sealed class ConsumerWatch(long timeout, bool removes, long cap)
{
    public const string Reason = "slow consumer";

    private long _since;
    private long _completed = -1;
    private bool _reported;
    private bool _removed;

    /// <param name="now">The time.</param>
    /// <param name="waits">Something was delivered to it and is not handled, or is being handled.</param>
    /// <param name="completed">How much it has handled so far, in any unit that grows.</param>
    /// <param name="queued">Bytes in its queue.</param>
    /// <param name="exempt">It does not have to consume now, as a member in state transfer.</param>
    public ConsumerVerdict Look(long now, bool waits, long completed, long queued, bool exempt)
    {
        if (!waits || exempt || completed != _completed)
        {
            (_since, _completed, _reported) = (now, completed, false);
            return ConsumerVerdict.Fine;
        }
        if (_removed || now - _since < timeout)
            return ConsumerVerdict.Fine;
        if (removes || queued > cap)
        {
            _removed = true;
            return ConsumerVerdict.Remove;
        }
        if (_reported)
            return ConsumerVerdict.Fine;
        _reported = true;
        return ConsumerVerdict.Report;
    }

    /// <summary>Its queue may grow: it was reported and still stands.</summary>
    public bool IsReported => _reported;

    /// <summary>How long it has been standing still.</summary>
    public long Stands(long now) => now - _since;
}
