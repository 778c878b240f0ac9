using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.Contract;

/// <summary>The promises that every transport keeps; each kind of transport runs all of them.</summary>
public abstract partial class TransportContract : IAsyncLifetime
{
    private readonly List<TransportUnderTest> _made = [];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (TransportUnderTest made in _made)
            await made.DisposeAsync().AsTask().WaitAsync(Soon.Limit);
        Assert.All(_made.SelectMany(made => made.Sink.Records), record =>
        {
            Assert.Null(record.Broken);
            Assert.Equal(1, record.Closes);
        });
        GC.SuppressFinalize(this);
    }

    private protected abstract TransportUnderTest Create(RecordingSink sink, TransportOptions options, TimeProvider time);

    private protected TransportUnderTest Make(RecordingSink? sink = null, TransportOptions? options = null, TimeProvider? time = null)
    {
        TransportUnderTest made = Create(sink ?? new RecordingSink(), options ?? new TransportOptions(), time ?? TimeProvider.System);
        _made.Add(made);
        return made;
    }

    private protected async Task<TransportUnderTest> MakeListeningAsync(
        RecordingSink? sink = null, TransportOptions? options = null, TimeProvider? time = null)
    {
        TransportUnderTest made = Make(sink, options, time);
        await made.ListenAsync();
        return made;
    }

    /// <summary>A link between two transports, seen from both ends.</summary>
    private protected static async Task<(LinkRecord Dialled, LinkRecord Accepted)> ConnectAsync(TransportUnderTest from, TransportUnderTest to)
    {
        IFrameLink link = await from.DialAsync(to.Address);
        return (from.Sink[link], await to.Sink.NextAsync());
    }

    private protected static void Send(LinkRecord from, params byte[] frame)
    {
        from.Link.Write(frame);
        from.Link.Flush();
    }

    private protected static byte[] Pattern(int length, int seed = 7)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
