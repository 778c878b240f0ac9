using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Exchange;
using GroupComm.Runtime.Submit;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Groups;

/// <summary>What a membership needs of its node.</summary>
internal interface IGroupHost : IMemberOwner
{
    NodeId Id { get; }

    bool IsPrimary { get; }

    int MaxMessageSize { get; }

    SendQueue Sends { get; }

    ExchangeDesk Desk { get; }

    /// <summary>The calling code runs inside a handler of this node.</summary>
    bool IsInsideHandler { get; }

    /// <summary>Brings an input to the core, on this thread if the core is free.</summary>
    void Bring(TurnInput input);

    void Cancel(QueryRequest query);

    /// <summary>A query handler threw; the asker is told.</summary>
    void QueryFailed(Member member, Exception error);

    /// <summary>Completes when the member's last notice was handled.</summary>
    Task LeaveAsync(Member member, CancellationToken ct);
}
