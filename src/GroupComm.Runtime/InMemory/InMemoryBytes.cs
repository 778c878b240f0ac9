using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.InMemory;

/// <summary>One direction of an in-memory connection: a bounded byte queue that behaves like a socket pair. While it is cut,
/// nothing comes out, not even the end, and nothing is lost; broken, both sides fail at once.</summary>
internal sealed class InMemoryBytes
{
    private const int Capacity = 1 << 20;

    private readonly Lock _lock = new();
    private byte[] _ring = new byte[4096];
    private int _start;
    private int _count;
    private bool _finished;
    private bool _cut;
    private string? _broken;
    private TaskCompletionSource? _changed;

    /// <summary>At least one byte, or 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ThrowIfBroken();
                if (!_cut && _count > 0)
                    return Take(buffer.Span);
                if (!_cut && _finished)
                    return 0;
                changed = NextChange();
            }

            await changed.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>How many bytes were taken: as many as there is room for, at least one.</summary>
    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ThrowIfBroken();
                int room = Math.Min(Capacity - _count, bytes.Length);
                if (room > 0)
                {
                    Put(bytes.Span[..room]);
                    return room;
                }

                changed = NextChange();
            }

            await changed.ConfigureAwait(false);
        }
    }

    /// <summary>The writer has no more.</summary>
    public void Finish() => Change(() => _finished = true);

    /// <summary>Reads and writes fail from now on; what is queued is lost.</summary>
    public void Break(string why) => Change(() => _broken ??= why);

    /// <summary>Holds everything back, or lets it go on.</summary>
    public void SetCut(bool cut) => Change(() => _cut = cut);

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            Signal();
        }
    }

    private Task NextChange() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Signal()
    {
        _changed?.SetResult();
        _changed = null;
    }

    private void ThrowIfBroken()
    {
        if (_broken is not null)
            throw new IOException(_broken);
    }

    private int Take(Span<byte> target)
    {
        int count = Math.Min(target.Length, _count);
        int straight = Math.Min(count, _ring.Length - _start);
        _ring.AsSpan(_start, straight).CopyTo(target);
        _ring.AsSpan(0, count - straight).CopyTo(target[straight..]);
        _start = (_start + count) % _ring.Length;
        _count -= count;
        Signal();
        return count;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (_count + bytes.Length > _ring.Length)
            Grow(_count + bytes.Length);
        int end = (_start + _count) % _ring.Length;
        int straight = Math.Min(bytes.Length, _ring.Length - end);
        bytes[..straight].CopyTo(_ring.AsSpan(end));
        bytes[straight..].CopyTo(_ring);
        _count += bytes.Length;
        Signal();
    }

    private void Grow(int needed)
    {
        byte[] larger = new byte[Math.Min(Capacity, Math.Max(needed, _ring.Length * 2))];
        int straight = Math.Min(_count, _ring.Length - _start);
        _ring.AsSpan(_start, straight).CopyTo(larger);
        _ring.AsSpan(0, _count - straight).CopyTo(larger.AsSpan(straight));
        (_ring, _start) = (larger, 0);
    }
}
