using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Sidecar.Posts;

/// <summary>What a key stands for: a request that was or is being sent once.</summary>
/// <param name="Hash">Of all that makes the message.</param>
/// <param name="Sent">Its receipt; fails when it was not sent.</param>
internal sealed record KeptSend(UInt128 Hash, Task<SendReceipt> Sent);

/// <summary>
/// Sends with an <c>Idempotency-Key</c>: the same key is the same message, sent once. A send that failed before it had a number
/// is forgotten, since it may be tried again. The oldest give way.
/// </summary>
internal sealed class IdempotencyTable(int capacity = IdempotencyTable.Most)
{
    /// <summary>Keys that are kept, of all groups.</summary>
    public const int Most = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Group, string Key), KeptSend> _kept = [];
    private readonly Queue<(string Group, string Key, KeptSend Send)> _order = [];

    /// <summary>The send of that key; <paramref name="send"/> is called if there is none.</summary>
    /// <returns>False when the key stands for another message.</returns>
    public bool TrySend(string group, string key, UInt128 hash, Func<Task<SendReceipt>> send, out Task<SendReceipt> sent)
    {
        KeptSend fresh;
        TaskCompletionSource<SendReceipt> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_kept.TryGetValue((group, key), out KeptSend? kept))
            {
                sent = kept.Sent;
                return kept.Hash == hash;
            }
            fresh = new KeptSend(hash, outcome.Task);
            _kept.Add((group, key), fresh);
            _order.Enqueue((group, key, fresh));
            while (_kept.Count > capacity && _order.TryDequeue(out var oldest))
                Forget((oldest.Group, oldest.Key), oldest.Send);
        }
        sent = outcome.Task;
        _ = RunAsync((group, key), fresh, send, outcome);
        return true;
    }

    private async Task RunAsync((string Group, string Key) key, KeptSend kept, Func<Task<SendReceipt>> send, TaskCompletionSource<SendReceipt> outcome)
    {
        try
        {
            outcome.SetResult(await send().ConfigureAwait(false));
        }
        catch (Exception error)
        {
            lock (_lock)
                Forget(key, kept);
            outcome.SetException(error);
            _ = outcome.Task.Exception;
        }
    }

    private void Forget((string Group, string Key) key, KeptSend kept)
    {
        if (_kept.TryGetValue(key, out KeptSend? current) && ReferenceEquals(current, kept))
            _kept.Remove(key);
    }
}
