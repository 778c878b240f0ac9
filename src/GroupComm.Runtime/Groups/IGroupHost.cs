using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Submit;

namespace GroupComm.Runtime.Groups;

/// <summary>What a membership needs of its node.</summary>
internal interface IGroupHost : IMemberOwner
{
    NodeId Id { get; }

    bool IsPrimary { get; }

    int MaxMessageSize { get; }

    SendQueue Sends { get; }

    /// <summary>Completes when the member's last notice was handled.</summary>
    Task LeaveAsync(Member member, CancellationToken ct);
}
