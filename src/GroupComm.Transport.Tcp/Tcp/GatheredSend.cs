using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace GroupComm.Transport.Tcp;

/// <summary>Sends pieces in one call, again and again without allocation; one at a time.</summary>
internal sealed class GatheredSend() : SocketAsyncEventArgs(true), IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _sent;

    /// <summary>All of the pieces, or a failure.</summary>
    public ValueTask<int> SendAsync(Socket socket, List<ArraySegment<byte>> pieces)
    {
        _sent.Reset();
        BufferList = pieces; // copies the list
        if (socket.SendAsync(this))
            return new ValueTask<int>(this, _sent.Version);
        return SocketError == SocketError.Success ? new ValueTask<int>(BytesTransferred) : ValueTask.FromException<int>(new SocketException((int)SocketError));
    }

    public int GetResult(short token) => _sent.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _sent.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sent.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (SocketError == SocketError.Success)
            _sent.SetResult(BytesTransferred);
        else
            _sent.SetException(new SocketException((int)SocketError));
    }
}
