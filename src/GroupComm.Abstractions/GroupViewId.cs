using System;
using System.Globalization;

namespace GroupComm;

/// <summary>Names a view of a group: the cluster view in which it was installed and its number, which rises by one
/// with every view of the group. Text form <c>view.number</c>.</summary>
/// <param name="View">The cluster view in which it was installed.</param>
/// <param name="Number">From 1, rising by one for every view of this group.</param>
public readonly record struct GroupViewId(long View, long Number) : IComparable<GroupViewId>
{
    /// <inheritdoc/>
    public int CompareTo(GroupViewId other) => Number.CompareTo(other.Number);

    /// <summary>Whether the left view is older.</summary>
    public static bool operator <(GroupViewId left, GroupViewId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left view is newer.</summary>
    public static bool operator >(GroupViewId left, GroupViewId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left view is not newer.</summary>
    public static bool operator <=(GroupViewId left, GroupViewId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left view is not older.</summary>
    public static bool operator >=(GroupViewId left, GroupViewId right) => left.CompareTo(right) >= 0;

    /// <summary>The text form <c>view.number</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{View}.{Number}");
}
