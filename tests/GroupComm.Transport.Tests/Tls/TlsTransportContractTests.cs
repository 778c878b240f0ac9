using System;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tests.Contract;
using GroupComm.Transport.Tests.Kit;
using GroupComm.Transport.Tls;

namespace GroupComm.Transport.Tests.Tls;

/// <summary>What a transport promises, it promises over TLS too.</summary>
public sealed class TlsTransportContractTests : TransportContract, IDisposable
{
    private readonly Vault _vault = new();

    public TlsTransportContractTests() => _vault.Write("n1", Vault.Node("n1"));

    public void Dispose() => _vault.Dispose();

    private protected override TransportUnderTest Create(RecordingSink sink, TransportOptions options, TimeProvider time)
    {
        TcpTransport transport = new(sink, options, time, upgrade: new TlsUpgrade(_vault.Open("n1"), "shop", allowAnyNode: false, options.MaxTlsHandshake));
        return new TransportUnderTest(transport, sink, transport.Counters, () => transport.Pending);
    }
}
