using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Inspection;

namespace GroupComm.Runtime.Inspection;

/// <summary>A group of the cluster as this node knows it.</summary>
internal readonly record struct KnownGroup(string Name, GroupView View, bool Open, bool AgreedOnly);

/// <summary>What the core says, and what only the runtime knows.</summary>
/// <param name="Core">The protocol's part.</param>
/// <param name="Groups">Names of the groups by number.</param>
/// <param name="SendsWaiting">Sends of this node that wait for admission.</param>
/// <param name="SlowestMember">The local member for which most waits: group, name, items. Null when nothing waits.</param>
internal sealed record RuntimeInspection(
    NodeInspection Core, IReadOnlyDictionary<int, string> Groups, int SendsWaiting, (string Group, string Member, int Items)? SlowestMember);

/// <summary>What a gateway needs of a node besides the public interface.</summary>
internal interface INodePort
{
    string Cluster { get; }

    int MaxMessageSize { get; }

    IReadOnlyList<KnownGroup> Groups { get; }

    KnownGroup? FindGroup(string name);

    /// <summary>Multicasts bytes of a stated type, as a member or from outside.</summary>
    ValueTask<SendReceipt> SendAsync(string group, IGroup? from, string? typeId, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct);

    /// <summary>Looks in a turn; fails when the node has ended.</summary>
    Task<RuntimeInspection> InspectAsync(CancellationToken ct);

    /// <summary>Begins to note the latest deliveries.</summary>
    DeliveryRing KeepRecent(int deliveries);
}
