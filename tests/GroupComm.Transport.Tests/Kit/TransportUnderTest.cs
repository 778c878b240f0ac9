using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tests.Kit;

/// <summary>A transport with its sink and what both kinds can tell.</summary>
internal sealed record TransportUnderTest(ITransport Transport, RecordingSink Sink, TransportCounters Counters, Func<int> Pending) : IAsyncDisposable
{
    public string Address => Transport.BoundAddress;

    public Task ListenAsync(string address = "127.0.0.1:0") => Transport.ListenAsync(address, CancellationToken.None).WaitAsync(Soon.Limit);

    public Task<IFrameLink> DialAsync(string address) => Transport.DialAsync(address, CancellationToken.None).WaitAsync(Soon.Limit);

    public ValueTask DisposeAsync() => Transport.DisposeAsync();
}
