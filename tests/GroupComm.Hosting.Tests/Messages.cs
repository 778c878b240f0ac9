using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm.Hosting.Tests;

public sealed record Changed(string Item, int Left);

public sealed record Sold(string Item);

public sealed record HowMany(string Item);

/// <summary>What handlers of one host were given.</summary>
public sealed class Seen
{
    private readonly Channel<string> _texts = Channel.CreateUnbounded<string>();

    public void Add(string text) => _texts.Writer.TryWrite(text);

    public async Task<string> NextAsync() => await _texts.Reader.ReadAsync(TestHosts.Ct).AsTask().WaitAsync(TestHosts.Limit, TestHosts.Ct);
}

/// <summary>Handles two types and holds the state: one object for all of it.</summary>
public sealed class StockHandler(Seen seen) : IMessageHandler<Changed>, IMessageHandler<Sold>, IQueryHandler<HowMany, int>, IGroupState
{
    private readonly ConcurrentDictionary<string, int> _left = [];

    public ValueTask HandleAsync(Changed message, MessageContext context, CancellationToken ct)
    {
        _left[message.Item] = message.Left;
        seen.Add($"{message.Item}={message.Left}");
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(Sold message, MessageContext context, CancellationToken ct)
    {
        seen.Add($"sold {message.Item} {_left.AddOrUpdate(message.Item, 0, (_, left) => left - 1)}");
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> HandleAsync(HowMany query, MessageContext context, CancellationToken ct) => ValueTask.FromResult(_left.TryGetValue(query.Item, out int left) ? left : 0);

    public Task CaptureAsync(Stream output, CancellationToken ct) => Task.CompletedTask;

    public Task RestoreAsync(Stream input, CancellationToken ct) => Task.CompletedTask;
}

public sealed class UnitOfWork : IAsyncDisposable
{
    private static int s_made;

    public int Number { get; } = Interlocked.Increment(ref s_made);

    public bool IsDisposed { get; private set; }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tells which unit of work it got, and whether the one before is gone.</summary>
public sealed class ScopedHandler(UnitOfWork work, UnitOfWork same, Seen seen, LastWork last) : IMessageHandler<Changed>
{
    public ValueTask HandleAsync(Changed message, MessageContext context, CancellationToken ct)
    {
        seen.Add($"{(ReferenceEquals(work, same) ? "one" : "two")} in the scope, {(last.Work is null ? "first" : last.Work == work ? "again" : last.Work.IsDisposed ? "new, the last is gone" : "new, the last lives")}");
        last.Work = work;
        return ValueTask.CompletedTask;
    }
}

public sealed class LastWork
{
    public UnitOfWork? Work { get; set; }
}

public sealed class FailingHandler(Seen seen) : IMessageHandler<Changed>
{
    public ValueTask HandleAsync(Changed message, MessageContext context, CancellationToken ct)
    {
        seen.Add("failing");
        throw new InvalidDataException($"{message.Item} are out");
    }
}
