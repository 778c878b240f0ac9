namespace GroupComm.Runtime.Delivery;

/// <summary>What is not a message, ordered with the messages: a view to install, or an event. Control path.</summary>
/// <param name="Event">What readers of events are told, after the handlers.</param>
/// <param name="View">A view to install first.</param>
/// <param name="Ends">The member's last notice; its status afterwards.</param>
/// <param name="Away">The node's life ended and another follows; the member's status until its next view.</param>
internal sealed record MemberNotice(GroupEvent Event, LocalGroupView? View = null, GroupStatus? Ends = null, GroupStatus? Away = null);
