using System.Collections.Generic;

namespace GroupComm;

/// <summary>A node in a cluster view.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Address">Where its peers reach it, <c>host:port</c>.</param>
/// <param name="Rank">Its place by seniority, from 0; rank 0 is the coordinator of choice and the sequencer.</param>
public sealed record ViewMember(NodeId Id, string Address, int Rank);

/// <summary>A node that is in the previous view and not in this one, and why.</summary>
/// <param name="Id">The node.</param>
/// <param name="Reason">For people: <c>connection refused</c>, <c>silent 1.2 s</c>, <c>left</c>, <c>new incarnation</c>…</param>
public sealed record DepartedNode(NodeId Id, string Reason);

/// <summary>
/// A cluster view that all its members agree on (laws VS-4, VS-5). Every installed view is primary; ids rise by one.
/// </summary>
/// <param name="Id">From 1, rising by one.</param>
/// <param name="Epoch">The number of this life of the cluster; grows when a cluster is bootstrapped anew.</param>
/// <param name="Members">By rank.</param>
/// <param name="Departed">Who was in the view before, and why it left.</param>
/// <param name="Transitional">Those who came from the same previous view as this node (law VS-10).</param>
public sealed record View(
    long Id, long Epoch, IReadOnlyList<ViewMember> Members, IReadOnlyList<DepartedNode> Departed, IReadOnlyList<NodeId> Transitional);
