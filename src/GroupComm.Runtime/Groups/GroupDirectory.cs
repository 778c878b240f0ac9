using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace GroupComm.Runtime.Groups;

/// <summary>The groups of the cluster: by name for senders, by number for the core's owner.</summary>
internal sealed class GroupDirectory
{
    private readonly ConcurrentDictionary<string, GroupEntry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, GroupEntry> _byNumber = [];

    /// <summary>Owner only.</summary>
    public IReadOnlyCollection<GroupEntry> All => _byNumber.Values;

    public IEnumerable<string> Names => _byName.Keys;

    public GroupEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Owner only.</summary>
    public GroupEntry? Find(int number) => _byNumber.GetValueOrDefault(number);

    public void Add(GroupEntry entry)
    {
        _byNumber[entry.Number] = entry;
        _byName[entry.Name] = entry;
    }

    public void Remove(GroupEntry entry)
    {
        _byNumber.Remove(entry.Number);
        _byName.TryRemove(new KeyValuePair<string, GroupEntry>(entry.Name, entry));
    }

    public void Clear()
    {
        _byNumber.Clear();
        _byName.Clear();
    }
}
