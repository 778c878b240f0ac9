using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>
/// The limit: the same frames to the same receivers over plain TCP, no protocol, no order. Slabs of up to 64 KiB are shared
/// by one asynchronous loop per peer, frames are parsed in place, and the same work is done for every message as in the
/// handler of <see cref="BenchNode"/>.
/// </summary>
internal sealed class RawNode(IBenchPort port, int nodes)
{
    private const int Head = sizeof(int);
    private const int SlabSize = 64 << 10;
    private const int ReceiveSize = 256 << 10;
    private const int SlabsAhead = 16;

    private readonly List<Socket> _peers = [];
    private readonly Burst _own = new(sequence: false);
    private Burst[] _received = [];
    private UsageMeter _meter = UsageMeter.Begin();
    private int _open;

    public async Task RunAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        port.Say("listening", $"{((IPEndPoint)listener.LocalEndPoint!).Port}", "raw");
        // Whoever comes later dials those before: every pair has one connection.
        string[] before = (await port.NextAsync().ConfigureAwait(false))[1].Split(',', StringSplitOptions.RemoveEmptyEntries);
        foreach (string each in before)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, int.Parse(each, CultureInfo.InvariantCulture)).ConfigureAwait(false);
            _peers.Add(socket);
        }
        while (_peers.Count < nodes - 1)
        {
            Socket socket = await listener.AcceptAsync().ConfigureAwait(false);
            socket.NoDelay = true;
            _peers.Add(socket);
        }
        _received = [.. _peers.Select(_ => new Burst(sequence: false))];
        for (int i = 0; i < _peers.Count; i++)
            _ = ReceiveAsync(_peers[i], i);
        port.Say("joined", "0");
        while (true)
        {
            switch (await port.NextAsync().ConfigureAwait(false))
            {
                case ["count", var senders]:
                    _open = Number(senders);
                    _own.Begin(1);
                    foreach (Burst burst in _received)
                        burst.Begin(1);
                    _meter = UsageMeter.Begin();
                    port.Say("ready");
                    break;
                case ["send", var size, var milliseconds]:
                    await SendAsync(Number(size), Number(milliseconds)).ConfigureAwait(false);
                    break;
                default:
                    return;
            }
        }
    }

    private async Task SendAsync(int size, int milliseconds)
    {
        SlabRing ring = new(Math.Max(SlabSize, size + Head), SlabsAhead, _peers.Count);
        Task[] loops = [.. _peers.Select((peer, i) => Task.Run(() => ring.SendAsync(peer, i)))];
        byte[] payload = new byte[size];
        new Random(7).NextBytes(payload);
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * milliseconds / 1000);
        long number = 0;
        do
        {
            byte[] slab = await ring.RentAsync().ConfigureAwait(false);
            int length = 0;
            do
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload, ++number);
                BinaryPrimitives.WriteInt32LittleEndian(slab.AsSpan(length), size);
                payload.CopyTo(slab.AsSpan(length + Head));
                _own.Add(XxHash3.HashToUInt64(slab.AsSpan(length + Head, size)));
                length += Head + size;
            }
            while (length + Head + size <= slab.Length);
            ring.Publish(length);
        }
        while (Stopwatch.GetTimestamp() < until);
        byte[] last = await ring.RentAsync().ConfigureAwait(false);
        BinaryPrimitives.WriteInt32LittleEndian(last, 1);
        ring.Publish(Head + 1);
        ring.Complete();
        await Task.WhenAll(loops).ConfigureAwait(false);
        _own.End();
        Ended();
    }

    private async Task ReceiveAsync(Socket peer, int index)
    {
        byte[] buffer = new byte[ReceiveSize];
        int filled = 0;
        while (true)
        {
            int read = await peer.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
            if (read == 0)
                return;
            filled += read;
            int used = Parse(buffer.AsSpan(0, filled), _received[index]);
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (filled >= Head && BinaryPrimitives.ReadInt32LittleEndian(buffer) + Head is int need && need > buffer.Length)
                Array.Resize(ref buffer, need + ReceiveSize);
        }
    }

    private int Parse(ReadOnlySpan<byte> bytes, Burst burst)
    {
        int at = 0;
        while (bytes.Length - at >= Head && BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]) is int size && bytes.Length - at - Head >= size)
        {
            if (size == 1)
            {
                burst.End();
                Ended();
            }
            else
            {
                burst.Add(XxHash3.HashToUInt64(bytes.Slice(at + Head, size)));
            }
            at += Head + size;
        }
        return at;
    }

    private void Ended()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            port.Say(Burst.Report([_own, .. _received], _meter));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
