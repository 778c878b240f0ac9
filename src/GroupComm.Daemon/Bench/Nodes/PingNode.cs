using System;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using HdrHistogram;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>The round trip of the minute: ping-pong between two processes over one TCP connection, asynchronous, one in flight.</summary>
internal sealed class PingNode(IBenchPort port)
{
    public async Task RunAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        port.Say("listening", $"{((IPEndPoint)listener.LocalEndPoint!).Port}", "ping");
        string before = (await port.NextAsync().ConfigureAwait(false))[1];
        bool asks = before.Length > 0;
        using Socket socket = asks ? await DialAsync(int.Parse(before, CultureInfo.InvariantCulture)).ConfigureAwait(false) : await listener.AcceptAsync().ConfigureAwait(false);
        socket.NoDelay = true;
        port.Say("joined", "0");
        if (!asks)
        {
            _ = EchoAsync(socket);
            await port.NextAsync().ConfigureAwait(false);
            return;
        }
        while (await port.NextAsync().ConfigureAwait(false) is ["ping", var size, var count])
            port.Say(await AskAsync(socket, int.Parse(size, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)).ConfigureAwait(false));
    }

    private static async Task<string[]> AskAsync(Socket socket, int size, int count)
    {
        LongHistogram times = new(60_000_000_000, 3);
        byte[] buffer = new byte[size];
        for (int i = 0; i < count; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await socket.SendAsync(buffer).ConfigureAwait(false);
            for (int got = 0; got < size;)
                got += await socket.ReceiveAsync(buffer.AsMemory(got)).ConfigureAwait(false);
            times.RecordValue(Math.Max(1, (long)(Stopwatch.GetElapsedTime(began).TotalNanoseconds)));
        }
        string At(double percentile) => (times.GetValueAtPercentile(percentile) / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
        return ["times", At(50), At(99), At(99.9), "0", "0", "0"];
    }

    private static async Task EchoAsync(Socket socket)
    {
        byte[] buffer = new byte[64 << 10];
        while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and int read)
            await socket.SendAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
    }

    private static async Task<Socket> DialAsync(int at)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, at).ConfigureAwait(false);
        return socket;
    }
}
