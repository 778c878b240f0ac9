using System;
using GroupComm.Runtime.InMemory;
using GroupComm.Transport.Tests.Contract;
using GroupComm.Transport.Tests.Kit;

namespace GroupComm.Transport.Tests.InMemory;

public sealed class InMemoryTransportContractTests : TransportContract
{
    private readonly InMemoryNetwork _network = new();

    private protected override TransportUnderTest Create(RecordingSink sink, TransportOptions options, TimeProvider time)
    {
        InMemoryTransport transport = new(_network, sink, options, time);
        return new TransportUnderTest(transport, sink, transport.Counters, () => transport.Pending);
    }
}
