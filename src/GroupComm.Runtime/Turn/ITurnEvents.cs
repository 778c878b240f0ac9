using System;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Turn;

/// <summary>What turns tell their node: rare, and quick to take note of.</summary>
internal interface ITurnEvents
{
    void ViewInstalled(View view);

    void PrimaryChanged(bool primary, string reason);

    void Waiting(string text);

    /// <summary>The core is finished and will not come back: joining failed.</summary>
    void JoinFailed(JoinStep step, string text);

    void Excluded(string reason);

    void Left();

    void Finished();

    void Broken(Exception error);

    /// <summary>A member has completed nothing for so many seconds although something waits.</summary>
    void SlowConsumer(Delivery.Member member, double seconds, bool removed);

    /// <summary>The core begins again under another identity.</summary>
    void Restarted(NodeId self);
}
