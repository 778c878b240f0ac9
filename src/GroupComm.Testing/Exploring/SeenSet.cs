using System;

namespace GroupComm.Testing.Exploring;

/// <summary>Hashes of states seen: open addressing, 8 bytes each, half full at most.</summary>
internal sealed class SeenSet
{
    private ulong[] _table = new ulong[1 << 16];

    public long Count { get; private set; }

    /// <summary>False: it was there.</summary>
    public bool Add(ulong hash)
    {
        hash = hash == 0 ? 1 : hash;
        if (Count * 2 >= _table.Length)
            Grow();
        if (!Place(_table, hash))
            return false;
        Count++;
        return true;
    }

    /// <summary>All hashes, in no order that means anything.</summary>
    public void CopyTo(Action<ulong> each)
    {
        foreach (ulong hash in _table)
            if (hash != 0)
                each(hash);
    }

    private void Grow()
    {
        var larger = new ulong[_table.Length * 2];
        foreach (ulong hash in _table)
            if (hash != 0)
                Place(larger, hash);
        _table = larger;
    }

    private static bool Place(ulong[] table, ulong hash)
    {
        int at = (int)(hash & (ulong)(table.Length - 1));
        while (table[at] != 0)
        {
            if (table[at] == hash)
                return false;
            at = (at + 1) & (table.Length - 1);
        }
        table[at] = hash;
        return true;
    }
}
