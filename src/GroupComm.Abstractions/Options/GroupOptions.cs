using System;

namespace GroupComm;

/// <summary>What a member does when its handler throws.</summary>
public enum HandlerFailurePolicy
{
    /// <summary>Log, count, go on with the next message (default).</summary>
    Continue,

    /// <summary>The member leaves its group: for replicated state machines. The last member that has state stays.</summary>
    Stop,
}

/// <summary>What happens to a member that does not consume.</summary>
public enum SlowConsumerPolicy
{
    /// <summary>Removed from its group, reason <c>slow consumer</c> (default): its queue is dropped, <see cref="IGroup.Status"/> is
    /// <see cref="GroupStatus.Left"/>, and the token of the handler that does not return is cancelled.</summary>
    Remove,

    /// <summary>Reported once per stall (a warning in the log and a count); senders go on, and its queue may grow to
    /// <see cref="GroupOptions.SlowConsumerQueueLimit"/>. Beyond that it is removed.</summary>
    Report,
}

/// <summary>Options of a group and of a membership in it. <see cref="Open"/>, <see cref="AgreedOnly"/> and
/// <see cref="StartEmptyWhenStateIsLost"/> travel with the change that creates the group
/// and are immutable; a joiner that states others is refused with <see cref="JoinException"/>.</summary>
public sealed class GroupOptions
{
    /// <summary>Nodes that are no members may send. Default true.</summary>
    public bool Open { get; set; } = true;

    /// <summary>Only agreed and safe messages: membership changes cost one message. Default false: all orders.</summary>
    public bool AgreedOnly { get; set; }

    /// <summary>When every member that has state is gone, those who wait for it begin without it (<c>restore</c> gets an empty
    /// stream, the event is <see cref="Reset"/>) instead of failing with <see cref="StateTransferException"/>. Default false.</summary>
    public bool StartEmptyWhenStateIsLost { get; set; }

    /// <summary>The order of a send that names none. Default agreed.</summary>
    public DeliveryOrder DefaultOrder { get; set; } = DeliveryOrder.Agreed;

    /// <summary>The member's name on its node, unique in the group. Default: <c>m</c> and a number.</summary>
    public string? MemberName { get; set; }

    /// <summary>What happens when a handler throws. Default continue.</summary>
    public HandlerFailurePolicy HandlerFailurePolicy { get; set; }

    /// <summary>What happens to a member that does not consume. Default remove.</summary>
    public SlowConsumerPolicy SlowConsumerPolicy { get; set; }

    /// <summary>A member for which something waits and that completes nothing in this time does not consume. One message in that
    /// time is enough to stay. Default 30 s, 200 ms … 24 h.</summary>
    public TimeSpan SlowConsumerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that may wait for a member that was reported (<see cref="SlowConsumerPolicy.Report"/>) before it is removed.
    /// Default 64 MiB, 64 KiB … 1 GiB.</summary>
    public long SlowConsumerQueueLimit { get; set; } = 64L << 20;

    /// <summary>How messages become bytes; null: the node's serializer.</summary>
    public IMessageSerializer? Serializer { get; set; }
}
