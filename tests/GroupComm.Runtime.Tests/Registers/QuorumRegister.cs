using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Tests.Registers;

/// <summary>Which of two writes is the later: by count, then by writer.</summary>
public readonly record struct Stamp(long Count, string Writer) : IComparable<Stamp>
{
    public int CompareTo(Stamp other) => Count != other.Count ? Count.CompareTo(other.Count) : string.CompareOrdinal(Writer, other.Writer);
}

public sealed record Stamped(long Count, string Writer, string Value);

[GroupMessage("register-read", Order = DeliveryOrder.Fifo)]
public sealed record ReadRegister;

[GroupMessage("register-write", Order = DeliveryOrder.Fifo)]
public sealed record WriteRegister(Stamped New);

/// <summary>
/// One variable, shared by all members, out of messages (Attiya, Bar-Noy, Dolev, 1995). A read asks more than half and takes the
/// latest; a write puts a later stamp at more than half. Two majorities meet, so a read finds every write that ended before it; and
/// a reader writes back what it found, so that no later read finds less. No order of the group is used: fifo will do.
/// </summary>
public sealed class QuorumRegister
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1); // two writes of one member must not take the same stamp
    private Stamped _copy = new(0, "", "");

    public IGroup Group { get; set; } = null!;

    public void Configure(IGroupBuilder group) => group
        .RegisterQuery<ReadRegister, Stamped>((_, _, _) => ValueTask.FromResult(Keep(null)))
        .RegisterQuery<WriteRegister, Stamped>((write, _, _) => ValueTask.FromResult(Keep(write.New)));

    /// <summary>Throws <see cref="NotPrimaryException"/> in a minority.</summary>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        Stamped latest = await AskAsync(new ReadRegister(), ct);
        await AskAsync(new WriteRegister(latest), ct);
        return latest.Value;
    }

    /// <summary>Throws <see cref="NotPrimaryException"/> in a minority: nothing is written then.</summary>
    public async Task WriteAsync(string value, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            Stamped latest = await AskAsync(new ReadRegister(), ct);
            await AskAsync(new WriteRegister(new Stamped(latest.Count + 1, Group.Self.ToString(), value)), ct);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<Stamped> AskAsync<T>(T query, CancellationToken ct)
    {
        List<Stamped> answers = [];
        await foreach (Reply<Stamped> reply in Group.QueryAsync<T, Stamped>(query, QueryTarget.Majority, ct))
            if (reply is { Departed: false, Error: null })
                answers.Add(reply.Value!);
        return answers.MaxBy(static each => new Stamp(each.Count, each.Writer))!;
    }

    private Stamped Keep(Stamped? next)
    {
        lock (_lock)
            return _copy = next is not null && new Stamp(next.Count, next.Writer).CompareTo(new Stamp(_copy.Count, _copy.Writer)) > 0 ? next : _copy;
    }
}
