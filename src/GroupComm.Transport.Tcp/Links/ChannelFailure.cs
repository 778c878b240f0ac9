using System;
using System.IO;
using System.Net.Sockets;
using System.Security.Authentication;

namespace GroupComm.Transport.Links;

/// <summary>Which exceptions mean "the connection is gone" and how that reads. Anything else is a bug and is not caught.</summary>
internal static class ChannelFailure
{
    public static bool Is(Exception error) =>
        error is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException;

    public static CloseReason Reason(Exception error) => new(CloseKind.Reset, error switch
    {
        SocketException socket => socket.SocketErrorCode.ToString(),
        { InnerException: SocketException socket } => socket.SocketErrorCode.ToString(),
        _ => error.Message,
    });
}
