using System;
using GroupComm.Runtime.Telemetry;
using GroupComm.Runtime.State;

namespace GroupComm.Runtime.Delivery;

/// <summary>What a member's pump asks of its node. Called without the core.</summary>
internal interface IMemberOwner
{
    NodeTelemetry Telemetry { get; }

    /// <summary>So many bytes of the senders' windows were handled; reported to the core soon, or at once when they are many.</summary>
    void Handled(long bytes, bool atOnce);

    /// <summary>A handler threw.</summary>
    void HandlerFailed(Member member, Exception error);

    /// <summary>So many messages of a type without a handler, or one not readable as its type.</summary>
    void Unhandled(Member member, string? typeId, int messages, Exception? error);

    /// <summary>Where states come from and go to.</summary>
    StateHub States { get; }

    /// <summary>The member did what it had to do with its state; what came of it is in the work.</summary>
    void StateEnded(Member member, StateWork work);

    /// <summary>The member has to go.</summary>
    void LeaveGroup(Member member, string reason);
}
