using System.Collections.Generic;

namespace GroupComm;

/// <summary>A view of a group: its members agree on it and on its place among the messages (laws VS-4, VS-9).</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Id">The cluster view in which it was installed, and its number.</param>
/// <param name="Members">By seniority: survivors keep their order, joiners come last.</param>
/// <param name="Joined">Members that were not in the view before.</param>
/// <param name="Left">Members that were in the view before.</param>
/// <param name="Reason">For people: <c>join</c>, <c>leave</c>, or why a node went.</param>
/// <param name="Token">Grows with every view (law VS-25).</param>
public sealed record GroupView(
    string Group, GroupViewId Id, IReadOnlyList<MemberId> Members, IReadOnlyList<MemberId> Joined, IReadOnlyList<MemberId> Left, string Reason, FencingToken Token);
