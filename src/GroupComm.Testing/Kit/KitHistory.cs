using System;
using System.Collections.Generic;

namespace GroupComm.Testing.Kit;

/// <summary>What a replica has handled since its group began, its donor's share included: as a set, and as a sequence.</summary>
internal readonly record struct KitHistory(ulong Set, ulong Sequence, long Count)
{
    public KitHistory With(ulong item) => new(Set + Mixed(item), (Sequence ^ Mixed(item)) * 1099511628211, Count + 1);

    public static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>A state of a replica after what it has handled.</summary>
internal sealed record KitState(KitHistory History, string Digest, string Replica, string Last);

/// <summary>
/// The states of a schedule by what led to them. Replicas that handled the same set must have the same state: when in the same
/// order, because handlers are deterministic; when not, because only messages without an agreed order can have changed places.
/// </summary>
internal sealed class KitStates
{
    private readonly Dictionary<(string Group, ulong Set, long Count), KitState> _states = [];

    public long Compared { get; set; }

    public void Clear() => _states.Clear();

    /// <summary>The state that <paramref name="state"/> differs from; null when there is none.</summary>
    public KitState? Compare(string group, KitState state)
    {
        if (_states.TryAdd((group, state.History.Set, state.History.Count), state))
            return null;
        KitState known = _states[(group, state.History.Set, state.History.Count)];
        Compared++;
        return string.Equals(known.Digest, state.Digest, StringComparison.Ordinal) ? null : known;
    }
}
