using System;
using GroupComm.Runtime.State;

namespace GroupComm.Runtime.Delivery;

/// <summary>What is not a message, ordered with the messages: a view to install, or an event. Control path.</summary>
/// <param name="Event">What readers of events are told, after the handlers.</param>
/// <param name="View">A view to install first.</param>
/// <param name="Ends">The member's last notice; its status afterwards.</param>
/// <param name="Away">The node's life ended and another follows; the member's status until its next view.</param>
/// <param name="Mark">No notice but a marker: called when everything before it was handled. Quick, and never throws.</param>
internal sealed record MemberNotice(
    GroupEvent Event, LocalGroupView? View = null, GroupStatus? Ends = null, GroupStatus? Away = null, Action? Mark = null)
{
    /// <summary>Not an event: something that the member does with its state at this place.</summary>
    public StateWork? State { get; init; }

    public static MemberNotice Marker(Action mark) => new(null!, Mark: mark);

    public static MemberNotice Of(StateWork work) => new(new Reset()) { State = work };
}
