using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>Slabs that one writer fills and every peer's loop sends; a slab is free again when all have sent it.</summary>
internal sealed class SlabRing
{
    private readonly byte[][] _slabs;
    private readonly int[] _lengths;
    private readonly SemaphoreSlim[] _filled;
    private readonly SemaphoreSlim _free;
    private readonly int[] _left;
    private readonly int _peers;
    private long _next;
    private bool _complete;

    public SlabRing(int slabSize, int slabs, int peers)
    {
        _slabs = new byte[slabs][];
        for (int i = 0; i < slabs; i++)
            _slabs[i] = new byte[slabSize];
        (_lengths, _left, _peers) = (new int[slabs], new int[slabs], peers);
        _free = new SemaphoreSlim(slabs);
        _filled = new SemaphoreSlim[peers];
        for (int i = 0; i < peers; i++)
            _filled[i] = new SemaphoreSlim(0);
    }

    public async ValueTask<byte[]> RentAsync()
    {
        await _free.WaitAsync().ConfigureAwait(false);
        return _slabs[_next % _slabs.Length];
    }

    public void Publish(int length)
    {
        _lengths[_next % _slabs.Length] = length;
        _left[_next % _slabs.Length] = _peers;
        _next++;
        foreach (SemaphoreSlim peer in _filled)
            peer.Release();
    }

    /// <summary>Nothing follows.</summary>
    public void Complete()
    {
        Volatile.Write(ref _complete, true);
        foreach (SemaphoreSlim peer in _filled)
            peer.Release();
    }

    public async Task SendAsync(Socket peer, int index)
    {
        for (long at = 0; ; at++)
        {
            await _filled[index].WaitAsync().ConfigureAwait(false);
            if (Volatile.Read(ref _complete) && at == _next)
                return;
            ReadOnlyMemory<byte> slab = _slabs[at % _slabs.Length].AsMemory(0, _lengths[at % _slabs.Length]);
            while (slab.Length > 0)
                slab = slab[await peer.SendAsync(slab).ConfigureAwait(false)..];
            if (Interlocked.Decrement(ref _left[at % _slabs.Length]) == 0)
                _free.Release();
        }
    }
}
