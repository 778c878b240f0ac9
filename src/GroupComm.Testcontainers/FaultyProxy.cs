using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>
/// A TCP proxy in this process that hands bytes on late and ends connections: for what cannot be done to a network with
/// iptables. Each connection draws a delay of its own, so that what was sent on one arrives before what was sent earlier on another.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    // What a connection may have under way; its sender waits beyond.
    private const int MostUnderWay = 256;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly HashSet<Socket> _open = [];
    private readonly string _host;
    private readonly int _port;
    private readonly Random _random;
    private readonly Task _accepting;
    private long _least;
    private long _most;

    /// <summary>Begins to listen on a port of loopback that the system chooses.</summary>
    /// <param name="host">Where connections lead to.</param>
    /// <param name="port">And to which port.</param>
    /// <param name="seed">Of the delays that are drawn.</param>
    public FaultyProxy(string host, int port, int seed = 1)
    {
        (_host, _port, _random) = (host, port, new Random(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Each new connection draws its delay between these; both zero is no delay.</summary>
    public void DelayBetween(TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        Interlocked.Exchange(ref _least, least.Ticks);
        Interlocked.Exchange(ref _most, most.Ticks);
    }

    /// <summary>Ends every connection by a reset, at both ends; new ones are taken.</summary>
    public void ResetAll()
    {
        lock (_open)
        {
            foreach (Socket socket in _open)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
            _open.Clear();
        }
    }

    /// <summary>Stops listening and ends what is open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        ResetAll();
        await _accepting.ConfigureAwait(false);
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket near;
            try
            {
                near = await _listener.AcceptSocketAsync(_over.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = ServeAsync(near);
        }
    }

    private async Task ServeAsync(Socket near)
    {
        Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        lock (_open)
        {
            _open.Add(near);
            _open.Add(far);
        }
        TimeSpan delay;
        lock (_random)
            delay = TimeSpan.FromTicks(_random.NextInt64(Interlocked.Read(ref _least), Interlocked.Read(ref _most) + 1));
        try
        {
            await far.ConnectAsync(_host, _port, _over.Token).ConfigureAwait(false);
            await Task.WhenAny(CarryAsync(near, far, delay), CarryAsync(far, near, delay)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody is there: the near end is told by the end of its connection.
        }
        finally
        {
            lock (_open)
            {
                _open.Remove(near);
                _open.Remove(far);
            }
            near.Dispose();
            far.Dispose();
        }
    }

    /// <summary>One direction until either end is gone; bytes stay in order.</summary>
    private async Task CarryAsync(Socket from, Socket to, TimeSpan delay)
    {
        Channel<(byte[] Bytes, long Due)> underWay = Channel.CreateBounded<(byte[], long)>(MostUnderWay);
        Task writing = WriteAsync(to, underWay);
        try
        {
            byte[] buffer = new byte[64 << 10];
            while (await from.ReceiveAsync(buffer, _over.Token).ConfigureAwait(false) is > 0 and int count)
                await underWay.Writer.WriteAsync((buffer[..count], Environment.TickCount64 + (long)delay.TotalMilliseconds), _over.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // The end of one direction is the end of both.
        }
        underWay.Writer.TryComplete();
        await writing.ConfigureAwait(false);
    }

    private async Task WriteAsync(Socket to, Channel<(byte[] Bytes, long Due)> underWay)
    {
        try
        {
            await foreach ((byte[] bytes, long due) in underWay.Reader.ReadAllAsync(_over.Token).ConfigureAwait(false))
            {
                if (due - Environment.TickCount64 is > 0 and long early)
                    await Task.Delay(TimeSpan.FromMilliseconds(early), _over.Token).ConfigureAwait(false);
                for (int sent = 0; sent < bytes.Length;)
                    sent += await to.SendAsync(bytes.AsMemory(sent), _over.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The receiver is gone: what it was to be sent is dropped, and whoever waits for room ends too.
            underWay.Writer.TryComplete();
            to.Dispose();
        }
    }
}
