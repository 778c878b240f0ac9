using System;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tests.Contract;
using GroupComm.Transport.Tests.Kit;

namespace GroupComm.Transport.Tests.Tcp;

public sealed class TcpTransportContractTests : TransportContract
{
    private protected override TransportUnderTest Create(RecordingSink sink, TransportOptions options, TimeProvider time)
    {
        TcpTransport transport = new(sink, options, time);
        return new TransportUnderTest(transport, sink, transport.Counters, () => transport.Pending);
    }
}
