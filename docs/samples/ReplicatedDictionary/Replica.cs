using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using GroupComm;

/// <summary>One write.</summary>
[GroupMessage("set", Order = DeliveryOrder.Agreed)]
public sealed record Set(string Key, string Value);

/// <summary>The state of one process. Handlers run one at a time; the lock is for readers of other threads.</summary>
internal sealed class Replica
{
    private readonly Lock _lock = new();
    private SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
                return _values.Count;
        }
    }

    public string? Get(string key)
    {
        lock (_lock)
            return _values.GetValueOrDefault(key);
    }

    public KeyValuePair<string, string>[] All()
    {
        lock (_lock)
            return [.. _values];
    }

    public ValueTask Apply(Set set)
    {
        lock (_lock)
            _values[set.Key] = set.Value;
        return ValueTask.CompletedTask;
    }

    /// <summary>At the donor, at the point where the newcomer joins: no write is under way.</summary>
    public Task CaptureAsync(Stream output, CancellationToken ct) => JsonSerializer.SerializeAsync(output, _values, cancellationToken: ct);

    /// <summary>At the newcomer, before its first write. May be called again when the donor fails in the middle.</summary>
    public async Task RestoreAsync(Stream input, CancellationToken ct)
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        foreach ((string key, string value) in await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(input, cancellationToken: ct) ?? [])
            values[key] = value;
        lock (_lock)
            _values = values;
    }
}
