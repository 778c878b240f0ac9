using System;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Turn;

/// <summary>What turns tell their node: rare, and quick to take note of. Told after everything of the turn is carried out, so
/// that whoever is woken by it finds the groups of the view that it was woken for.</summary>
internal interface ITurnEvents
{
    void ViewInstalled(View view);

    void PrimaryChanged(bool primary, string reason);

    void Waiting(string text);

    /// <summary>The core is finished and will not come back: joining failed.</summary>
    void JoinFailed(JoinStep step, string text);

    /// <summary>The core is finished and will not come back: excluded for good.</summary>
    void Excluded(string reason);

    /// <summary>The core's life ended; it begins again (<see cref="Restarted"/> follows).</summary>
    void Away(string reason);

    void Left();

    void Finished();

    void Broken(Exception error);

    /// <summary>A member has completed nothing for so many seconds although something waits.</summary>
    void SlowConsumer(Delivery.Member member, double seconds, bool removed);

    /// <summary>The core begins again under another identity.</summary>
    void Restarted(NodeId self);
}
