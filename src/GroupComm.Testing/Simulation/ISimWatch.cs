using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

/// <summary>Looks on while a schedule runs, to tell it afterwards. Times are microseconds of virtual time.</summary>
internal interface ISimWatch
{
    /// <summary>The core wants this; it is carried out right after.</summary>
    void Carries(SimNode node, in Effect effect, long now);

    void Sent(SimNode from, SimNode to, Message message, long now, long arrival);

    /// <summary>The network lost it.</summary>
    void Lost(SimNode from, SimNode to, Message message, long now);

    void Received(SimNode from, SimNode to, Message message, long now);
}
