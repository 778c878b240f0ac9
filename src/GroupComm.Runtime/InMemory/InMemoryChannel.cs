using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport;
using GroupComm.Transport.Links;

namespace GroupComm.Runtime.InMemory;

/// <summary>One end of an in-memory connection.</summary>
internal sealed class InMemoryChannel(string local, string remote, InMemoryBytes input, InMemoryBytes output, Action ended) : IByteChannel
{
    private readonly CancellationTokenSource _aborted = new();
    private int _ended;

    public string LocalAddress => local;

    public string RemoteAddress => remote;

    public PeerIdentity? Peer => null;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, _aborted.Token);
        return await input.ReadAsync(buffer, either.Token).ConfigureAwait(false);
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => output.WriteAsync(bytes);

    public bool Gathers => false;

    public ValueTask<int> SendAsync(List<ArraySegment<byte>> pieces) => throw new NotSupportedException();

    public void FinishSending() => output.Finish();

    public async ValueTask DrainAsync(CancellationToken ct)
    {
        byte[] waste = new byte[4096];
        while (await ReceiveAsync(waste, ct).ConfigureAwait(false) > 0)
        {
        }
    }

    public void Abort()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
            return;
        // The peer reads what was sent and then the end; what it sends from now on fails.
        output.Finish();
        input.Break("the peer closed the connection");
        _aborted.Cancel();
        ended();
    }
}
