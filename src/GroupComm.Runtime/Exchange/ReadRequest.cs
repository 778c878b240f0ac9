using System;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Exchange;

/// <summary>One barrier read of a member.</summary>
internal sealed class ReadRequest(ExchangeDesk desk, Member member) : TurnInput
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Member Member => member;

    /// <summary>When it was asked for, in nanoseconds.</summary>
    public long Begin { get; } = Clock.Nanoseconds;

    /// <summary>Its number in the core; owner only.</summary>
    public long Number { get; set; }

    public Task Done => _done.Task;

    public override void Apply(NodeCore core, long now, EffectList effects) => desk.Read(core, this);

    public override void Discard() => Fail(desk.Over());

    /// <summary>The member's pump has come to the marker: everything delivered before was handled.</summary>
    public void Reached()
    {
        if (member.Ended is null)
            _done.TrySetResult();
        else
            Fail(new InvalidOperationException($"the member left group '{member.Handle.Name}' while it waited for the barrier"));
    }

    public void Fail(Exception error)
    {
        _done.TrySetException(error);
        _ = _done.Task.Exception;
    }
}
