using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tcp;

/// <summary>Connects to the first of several addresses that answers. "Refused" is said only when it is certain:
/// some address refused, and no other one may still hide a listener.</summary>
internal static class TcpDialer
{
    public static async Task<Socket> ConnectAsync(Endpoint endpoint, IPEndPoint[] addresses, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        bool refused = false, unsure = false;
        Exception? failure = null;
        foreach (IPEndPoint address in addresses)
        {
            try
            {
                return await ConnectAsync(address, limit, time, ct).ConfigureAwait(false);
            }
            catch (SocketException error)
            {
                refused |= error.SocketErrorCode == SocketError.ConnectionRefused;
                unsure |= error.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressFamilyNotSupported
                    or SocketError.AddressNotAvailable);
                failure ??= error;
            }
        }

        string why = refused && !unsure ? "nobody listens there; start the peer or correct the port"
            : failure is SocketException { SocketErrorCode: SocketError.TimedOut } ? $"no answer within {limit.TotalSeconds:0.#} s; check the address and the firewall"
            : failure!.Message;
        throw new TransportException(JoinStep.Connect, $"cannot connect to {endpoint}: {why}", refused && !unsure, failure);
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            await socket.ConnectAsync(address, both.Token).ConfigureAwait(false);
            // On one machine a dial may be given the port it dials as its own and meet itself: nobody listens there.
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
                throw new SocketException((int)SocketError.ConnectionRefused);
            return socket;
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is OperationCanceledException && !ct.IsCancellationRequested)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }
}
