using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport.Links;

namespace GroupComm.Transport.Tcp;

/// <summary>A connected socket, or the stream that an upgrade laid over it.</summary>
internal sealed class TcpChannel(Socket socket, Upgraded? upgrade) : IByteChannel
{
    private const int DrainSize = 16 << 10;

    private readonly Stream? _upgraded = upgrade?.Stream;
    private GatheredSend? _gather;

    public string LocalAddress { get; } = Name(socket.LocalEndPoint);

    public string RemoteAddress { get; } = Name(socket.RemoteEndPoint);

    public PeerIdentity? Peer => upgrade?.Peer;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct) =>
        _upgraded is null ? socket.ReceiveAsync(buffer, SocketFlags.None, ct) : _upgraded.ReadAsync(buffer, ct);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) =>
        _upgraded is null ? socket.SendAsync(bytes, SocketFlags.None) : SendUpgradedAsync(_upgraded, bytes);

    public bool Gathers => _upgraded is null;

    public ValueTask<int> SendAsync(List<ArraySegment<byte>> pieces) => (_gather ??= new GatheredSend()).SendAsync(socket, pieces);

    public void FinishSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (ChannelFailure.Is(error))
        {
            // Already gone: the receiving side says so.
        }
    }

    public async ValueTask DrainAsync(CancellationToken ct)
    {
        byte[] waste = ArrayPool<byte>.Shared.Rent(DrainSize);
        try
        {
            while (await socket.ReceiveAsync(waste, SocketFlags.None, ct).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(waste);
        }
    }

    // The socket only: disposing an SslStream while a read or write runs is not allowed, and it holds nothing else.
    public void Abort()
    {
        socket.Dispose();
        _gather?.Dispose(); // at the end of a send that is under way
    }

    private static string Name(EndPoint? address) => address is IPEndPoint ip ? Endpoint.Of(ip).ToString() : "";

    private static async ValueTask<int> SendUpgradedAsync(Stream stream, ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes).ConfigureAwait(false);
        return bytes.Length;
    }
}
