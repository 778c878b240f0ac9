using System;

namespace GroupComm;

/// <summary>A member of a group: the node it lives on and its name there. Text form <c>node#incarnation/name</c>.</summary>
/// <param name="Node">The node that hosts the member.</param>
/// <param name="Name">The member's name, unique in its group on that node; same alphabet as a node name.</param>
public readonly record struct MemberId(NodeId Node, string Name) : IComparable<MemberId>
{
    /// <inheritdoc/>
    public int CompareTo(MemberId other)
    {
        int byNode = Node.CompareTo(other.Node);
        return byNode != 0 ? byNode : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>Whether the left member sorts before the right one.</summary>
    public static bool operator <(MemberId left, MemberId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left member sorts after the right one.</summary>
    public static bool operator >(MemberId left, MemberId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left member does not sort after the right one.</summary>
    public static bool operator <=(MemberId left, MemberId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left member does not sort before the right one.</summary>
    public static bool operator >=(MemberId left, MemberId right) => left.CompareTo(right) >= 0;

    /// <summary>The text form <c>node#incarnation/name</c>.</summary>
    public override string ToString() => $"{Node}/{Name}";
}
