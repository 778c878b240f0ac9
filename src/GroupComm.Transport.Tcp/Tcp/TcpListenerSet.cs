using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace GroupComm.Transport.Tcp;

/// <summary>The listening sockets of one address: one, or for <c>localhost</c> one per address family on the same port.</summary>
internal sealed class TcpListenerSet : IDisposable
{
    private const int Backlog = 512;

    private readonly List<Socket> _sockets = [];

    private TcpListenerSet() { }

    public IReadOnlyList<Socket> Sockets => _sockets;

    public IPEndPoint Bound => (IPEndPoint)_sockets[0].LocalEndPoint!;

    /// <summary>Binds the first address that works; of the others those of <c>localhost</c> too, if they can have its port.</summary>
    public static TcpListenerSet Bind(Endpoint endpoint, IPEndPoint[] addresses)
    {
        TcpListenerSet set = new();
        SocketException? failure = null;
        foreach (IPEndPoint address in addresses)
        {
            if (set._sockets.Count > 0 && endpoint.Host != "localhost")
                break;
            try
            {
                int port = set._sockets.Count > 0 ? set.Bound.Port : address.Port;
                set._sockets.Add(Open(new IPEndPoint(address.Address, port)));
            }
            catch (SocketException error)
            {
                failure ??= error;
            }
        }

        return set._sockets.Count > 0 ? set : throw new TransportException(JoinStep.Connect, Explain(endpoint, failure!), inner: failure);
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static Socket Open(IPEndPoint address)
    {
        // [::] takes both families; where the system has no IPv6 it falls back to 0.0.0.0.
        if (address.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
            address = new IPEndPoint(IPAddress.Any, address.Port);
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = address.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Explain(Endpoint endpoint, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"cannot listen on {endpoint}: the port is in use by another process; take another with Listen (--listen), or port 0 for a free one",
        SocketError.AddressNotAvailable =>
            $"cannot listen on {endpoint}: this machine does not have that address; take one of its own, or 0.0.0.0 for all",
        SocketError.AccessDenied =>
            $"cannot listen on {endpoint}: not permitted; take a port above 1023 with Listen (--listen)",
        _ => $"cannot listen on {endpoint}: {error.Message}",
    };
}
