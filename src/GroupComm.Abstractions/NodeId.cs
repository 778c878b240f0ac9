using System;
using System.Globalization;

namespace GroupComm;

/// <summary>
/// One life of a node: a name and the incarnation that tells this life from earlier and later ones of the same name.
/// Text form <c>name#incarnation</c>. Ordered by name (ordinal), then incarnation.
/// </summary>
public readonly record struct NodeId : IComparable<NodeId>
{
    /// <summary>The largest incarnation: numbers stay exact in JSON (2^53 - 1).</summary>
    public const long MaxIncarnation = (1L << 53) - 1;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Creates an identity. Throws <see cref="ArgumentException"/> when the name does not match
    /// <c>[A-Za-z0-9._-]{1,64}</c> or the incarnation is outside 1 … 2^53 - 1.</summary>
    public NodeId(string name, long incarnation)
    {
        if (!IsValidName(name))
            throw new ArgumentException($"'{name}' is not a node name: use 1 to {MaxNameLength} of A-Z a-z 0-9 . _ -", nameof(name));
        if (incarnation is < 1 or > MaxIncarnation)
            throw new ArgumentOutOfRangeException(nameof(incarnation), incarnation, "an incarnation is between 1 and 2^53 - 1");
        Name = name;
        Incarnation = incarnation;
    }

    /// <summary>The name, stable across lives.</summary>
    public string Name { get; }

    /// <summary>The number of this life; larger for a later life of the same name.</summary>
    public long Incarnation { get; }

    /// <summary>Whether <paramref name="name"/> matches <c>[A-Za-z0-9._-]{1,64}</c>.</summary>
    public static bool IsValidName(string? name)
    {
        if (name is null || name.Length is 0 or > MaxNameLength)
            return false;
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        return true;
    }

    /// <summary>Reads the text form <c>name#incarnation</c>.</summary>
    public static bool TryParse(string? text, out NodeId id)
    {
        id = default;
        int hash = text?.IndexOf('#', StringComparison.Ordinal) ?? -1;
        if (hash <= 0 || !IsValidName(text![..hash])
            || !long.TryParse(text.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long incarnation)
            || incarnation is < 1 or > MaxIncarnation)
            return false;
        id = new NodeId(text[..hash], incarnation);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(NodeId other)
    {
        int byName = string.CompareOrdinal(Name, other.Name);
        return byName != 0 ? byName : Incarnation.CompareTo(other.Incarnation);
    }

    /// <summary>Whether the left identity sorts before the right one.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left identity sorts after the right one.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left identity does not sort after the right one.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left identity does not sort before the right one.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;

    /// <summary>The text form <c>name#incarnation</c>.</summary>
    public override string ToString() => Name is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Name}#{Incarnation}");
}
