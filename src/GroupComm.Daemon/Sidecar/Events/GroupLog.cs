using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Sidecar.Events;

/// <summary>One event as it goes to every client.</summary>
internal readonly record struct LogEntry(LogKey Key, byte[] Frame);

/// <summary>
/// What a group's members on this daemon were delivered lately, once for all of them: each event is written by whichever member is
/// first and read by every stream at its own pace. It is the only queue of a stream, so a slow client costs nothing but its
/// place: when what it has not read is dropped at the front, the client is (docs/decisions/0038).
/// Invariant: keys rise; indices are never used twice.
/// </summary>
internal sealed class GroupLog(int maxEntries = GroupLog.MostEntries, long maxBytes = GroupLog.MostBytes)
{
    /// <summary>The resume window: so many events,</summary>
    public const int MostEntries = 16_384;

    /// <summary>and so many bytes of them, though always the newest.</summary>
    public const long MostBytes = 8 << 20;

    private readonly Lock _lock = new();
    private LogEntry[] _ring = new LogEntry[64];
    private LogKey _last;
    private TaskCompletionSource? _news;

    /// <summary>Index of the first that is kept.</summary>
    public long First { get; private set; }

    /// <summary>Index after the last.</summary>
    public long End { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Adds the event unless another member has. <paramref name="frame"/> is called at most once for an event.</summary>
    public void Append<T>(LogKey key, T content, Func<LogKey, T, byte[]> frame)
    {
        TaskCompletionSource? news;
        lock (_lock)
        {
            if (End > 0 && key.CompareTo(_last) <= 0)
                return;
            byte[] bytes = frame(key, content);
            if (End - First == _ring.Length)
                Grow();
            _ring[End % _ring.Length] = new LogEntry(key, bytes);
            _last = key;
            End++;
            Bytes += bytes.Length;
            while (End - First > 1 && (End - First > maxEntries || Bytes > maxBytes))
                DropFirst();
            (news, _news) = (_news, null);
        }
        news?.TrySetResult();
    }

    /// <summary>Wakes every reader although there is nothing new.</summary>
    public void Wake()
    {
        TaskCompletionSource? news;
        lock (_lock)
            (news, _news) = (_news, null);
        news?.TrySetResult();
    }

    /// <summary>The entry at an index; false when it is dropped or not there yet.</summary>
    public bool TryRead(long index, out LogEntry entry)
    {
        lock (_lock)
        {
            bool here = index >= First && index < End;
            entry = here ? _ring[index % _ring.Length] : default;
            return here;
        }
    }

    /// <summary>Completes with the next event, or when somebody wakes all. Ask for it before looking, so that nothing is missed.</summary>
    public Task NextNews
    {
        get
        {
            lock (_lock)
                return (_news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Index after the event with that id, searched from the newest; -1 when it is not kept.</summary>
    public long After(GroupViewId view, long position)
    {
        lock (_lock)
        {
            for (long index = End - 1; index >= First; index--)
            {
                LogKey key = _ring[index % _ring.Length].Key;
                if (key.Notice == 0 && key.Position == position && key.View == view)
                    return index + 1;
            }
            return -1;
        }
    }

    private void DropFirst()
    {
        ref LogEntry first = ref _ring[First % _ring.Length];
        Bytes -= first.Frame.Length;
        first = default;
        First++;
    }

    private void Grow()
    {
        var larger = new LogEntry[_ring.Length * 2];
        for (long index = First; index < End; index++)
            larger[index % larger.Length] = _ring[index % _ring.Length];
        _ring = larger;
    }
}
