using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace GroupComm.Analyzers;

/// <summary>Collections without an order of their own, and the queries whose answer does not depend on it.</summary>
internal static class HashOrder
{
    private static readonly HashSet<string> Unordered = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Hashtable",
        "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Frozen.FrozenSet`1",
        "System.Collections.Immutable.ImmutableDictionary`2", "System.Collections.Immutable.ImmutableHashSet`1",
        "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.Collections.Generic.ISet`1", "System.Collections.Generic.IReadOnlySet`1",
        "System.Collections.Generic.PriorityQueue`2",
    };

    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "Count", "LongCount", "TryGetNonEnumeratedCount", "Any", "All", "Contains", "Sum", "Min", "Max", "MinBy", "MaxBy", "Average",
        "OrderBy", "OrderByDescending", "Order", "OrderDescending", "ToDictionary", "ToHashSet", "ToFrozenDictionary", "ToFrozenSet",
        "ToImmutableDictionary", "ToImmutableHashSet", "ToImmutableSortedDictionary", "ToImmutableSortedSet",
        "SetEquals", "GetValueOrDefault", "TryGetValue", "ContainsKey", "Single", "SingleOrDefault",
    };

    private static readonly HashSet<string> StillUnordered = new(StringComparer.Ordinal)
    {
        "Where", "Select", "SelectMany", "OfType", "Cast", "AsEnumerable", "Distinct", "Concat", "Union", "Except", "Intersect", "Append", "Prepend",
    };

    /// <summary>Whether enumerating a value of this type shows hash order; its keys and values count too.</summary>
    public static bool Has(ITypeSymbol? type)
    {
        if (type is not INamedTypeSymbol named)
            return false;
        if (named is { Name: "KeyCollection" or "ValueCollection", ContainingType: { } table })
            named = table;
        return Unordered.Contains(Forbidden.Name(named.OriginalDefinition));
    }

    public static bool IsHarmless(string method) => Harmless.Contains(method);

    /// <summary>The result has no more order than the source: whoever consumes it decides.</summary>
    public static bool PassesOn(string method) => StillUnordered.Contains(method);
}
