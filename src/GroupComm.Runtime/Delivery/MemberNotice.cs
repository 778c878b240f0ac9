using GroupComm.Runtime.State;

namespace GroupComm.Runtime.Delivery;

/// <summary>What is not a message, ordered with the messages: a view to install, or an event. Control path.</summary>
/// <param name="Event">What readers of events are told, after the handlers.</param>
/// <param name="View">A view to install first.</param>
/// <param name="Ends">The member's last notice; its status afterwards.</param>
internal sealed record MemberNotice(GroupEvent Event, LocalGroupView? View = null, GroupStatus? Ends = null)
{
    /// <summary>Not an event: something that the member does with its state at this place.</summary>
    public StateWork? State { get; init; }

    public static MemberNotice Of(StateWork work) => new(new Reset()) { State = work };
}
