using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace GroupComm.Runtime.Tests;

/// <summary>
/// Ports for those that must know one before anybody listens there. Below the ports that the system lends to outgoing connections, else
/// one of those takes it first; drawn at random, so that runs side by side seldom meet; and none twice in one process.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000, End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, End);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException)
            {
                continue; // in use
            }
            if (s_given.TryAdd(port, true))
                return port;
        }
    }
}
