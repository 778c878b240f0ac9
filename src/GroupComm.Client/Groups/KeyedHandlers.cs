using System;
using System.Collections.Generic;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Sessions;

namespace GroupComm.Client.Groups;

/// <summary>A message of a conflict key under way.</summary>
internal sealed record KeyedMessage(Delivery Message, Handled Place, object? Key)
{
    public Task Handling { get; set; } = Task.CompletedTask;
}

/// <summary>
/// Messages with conflict keys that are under way: those of one key one after the other, others side by side. They end in the order
/// of delivery, and everything else waits until there are none. Used by the pump alone.
/// </summary>
internal sealed class KeyedHandlers
{
    private const int Most = 1024;

    private readonly Queue<KeyedMessage> _underWay = new();
    private readonly Dictionary<object, Task> _lastOfKey = [];

    /// <summary>Waits for something to read; ends meanwhile what is done. False: nothing will come.</summary>
    public async ValueTask<bool> WaitAsync<T>(ChannelReader<T> reader, Func<KeyedMessage, ValueTask> end)
    {
        if (_underWay.Count == 0)
            return await reader.WaitToReadAsync().ConfigureAwait(false);
        Task<bool> more = reader.WaitToReadAsync().AsTask();
        while (_underWay.Count > 0 && !more.IsCompleted)
        {
            await Task.WhenAny(more, _underWay.Peek().Handling).ConfigureAwait(false);
            while (_underWay.TryPeek(out KeyedMessage? first) && first.Handling.IsCompleted)
                await EndFirstAsync(end).ConfigureAwait(false);
        }
        return await more.ConfigureAwait(false);
    }

    public async ValueTask AddAsync(KeyedMessage message, Func<ValueTask> handle, Func<KeyedMessage, ValueTask> end)
    {
        if (message.Key is null)
            await DrainAsync(end).ConfigureAwait(false); // beside nothing
        while (_underWay.Count >= Most)
            await EndFirstAsync(end).ConfigureAwait(false);
        Task before = message.Key is not null ? _lastOfKey.GetValueOrDefault(message.Key, Task.CompletedTask) : Task.CompletedTask;
        message.Handling = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            await handle().ConfigureAwait(false);
        });
        if (message.Key is not null)
            _lastOfKey[message.Key] = message.Handling;
        _underWay.Enqueue(message);
        if (message.Key is null)
            await DrainAsync(end).ConfigureAwait(false);
    }

    /// <summary>Ends all.</summary>
    public async ValueTask DrainAsync(Func<KeyedMessage, ValueTask> end)
    {
        while (_underWay.Count > 0)
            await EndFirstAsync(end).ConfigureAwait(false);
    }

    private async ValueTask EndFirstAsync(Func<KeyedMessage, ValueTask> end)
    {
        KeyedMessage first = _underWay.Peek();
        await first.Handling.ConfigureAwait(false);
        _underWay.Dequeue();
        if (first.Key is not null && _lastOfKey.GetValueOrDefault(first.Key) == first.Handling)
            _lastOfKey.Remove(first.Key);
        await end(first).ConfigureAwait(false);
    }
}
