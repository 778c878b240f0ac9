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
    /// <summary>Removed from its group, reason <c>slow consumer</c> (default).</summary>
    Remove,

    /// <summary>Reported; removed only when its queue reaches the hard cap.</summary>
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

    /// <summary>How messages become bytes; null: the node's serializer.</summary>
    public IMessageSerializer? Serializer { get; set; }
}
