using System;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tests.Kit;
using GroupComm.Transport.Tls;
using Xunit;

namespace GroupComm.Transport.Tests.Tls;

/// <summary>Laws Q1, Q2, Q3: who gets through TLS, and who does not.</summary>
public sealed class TlsPeersTests : IDisposable
{
    private readonly Vault _vault = new();
    private readonly RecordingSink _accepted = new();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task Both_ends_know_who_the_other_is()
    {
        _vault.Write("n1", Vault.Node("n1"));
        _vault.Write("n2", Vault.Node("n2"));
        await using TcpTransport listener = await ListenAsync("n1"), dialler = _vault.Transport("n2", new RecordingSink());
        IFrameLink link = await dialler.DialAsync(listener.BoundAddress, CancellationToken.None);
        Assert.Equal(Vault.Node("n1"), link.Peer);
        Assert.Equal(Vault.Node("n2"), (await _accepted.NextAsync()).Link.Peer);
    }

    [Theory]
    [InlineData("another CA")]
    [InlineData("expired")]
    [InlineData("another cluster")]
    [InlineData("any node")]
    [InlineData("no node")]
    [InlineData("two nodes")]
    public async Task A_stranger_is_refused_by_either_end(string kind)
    {
        _vault.Write("good", Vault.Node("n1"), trusts: "ab");
        Issued bad = Bad(kind);
        _vault.Write("bad", Vault.Node("n2"));
        await using TcpTransport good = await ListenAsync("good");
        // A dialler of its own, for our own code would not start with such files.
        using TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, Port(good));
        await using SslStream stranger = new(socket.GetStream());
        SslClientAuthenticationOptions options = new() { TargetHost = "x", RemoteCertificateValidationCallback = (_, _, _, _) => true };
        options.ClientCertificateContext = SslStreamCertificateContext.Create(Pair(bad), null, offline: true);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await stranger.AuthenticateAsClientAsync(options).WaitAsync(Soon.Limit);
            if (await stranger.ReadAsync(new byte[1]).AsTask().WaitAsync(Soon.Limit) == 0)
                throw new AuthenticationException("ended");
        });
        await Soon.UntilAsync(() => good.Counters.Closed(CloseKind.Tls) == 1);
        Assert.Empty(_accepted.Records);
        Assert.Equal(0, good.Pending);

        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task impostor = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            await using SslStream server = new(client.GetStream());
            await server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = options.ClientCertificateContext, ClientCertificateRequired = true, RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
            await server.ReadExactlyAsync(new byte[1]);
        });
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => good.DialAsync($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", CancellationToken.None).WaitAsync(Soon.Limit));
        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.False(error.Permanent);
        listener.Dispose();
        await impostor.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_peer_without_a_certificate_is_refused()
    {
        _vault.Write("n1", Vault.Node("n1"));
        await using TcpTransport listener = await ListenAsync("n1");
        using TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, Port(listener));
        await using SslStream stranger = new(socket.GetStream());
        await stranger.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "x", RemoteCertificateValidationCallback = (_, _, _, _) => true });
        await Soon.UntilAsync(() => listener.Counters.Closed(CloseKind.Tls) == 1);
        Assert.Empty(_accepted.Records);
    }

    [Fact]
    public async Task A_certificate_for_any_node_is_accepted_where_options_allow_it()
    {
        _vault.Write("any", Vault.Node("*"));
        await using TcpTransport listener = await ListenAsync("any", allowAnyNode: true), dialler = _vault.Transport("any", new RecordingSink(), allowAnyNode: true);
        IFrameLink link = await dialler.DialAsync(listener.BoundAddress, CancellationToken.None);
        Assert.True(link.Peer!.Value.Covers("shop", "n7"));
        Assert.False(link.Peer!.Value.Covers("Shop", "n7"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Only_the_newest_TLS_of_the_platform_is_spoken(SslProtocols protocol)
    {
        _vault.Write("n1", Vault.Node("n1"));
        await using TcpTransport listener = await ListenAsync("n1");
        using TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, Port(listener));
        await using SslStream client = new(socket.GetStream());
        SslClientAuthenticationOptions options = new() { TargetHost = "x", RemoteCertificateValidationCallback = (_, _, _, _) => true, EnabledSslProtocols = protocol };
        options.ClientCertificateContext = _vault.Open("n1").Current.Context;
        if (protocol == TlsVersions.Accepted)
        {
            await client.AuthenticateAsClientAsync(options);
            await _accepted.NextAsync();
            return;
        }
        await Assert.ThrowsAnyAsync<Exception>(() => client.AuthenticateAsClientAsync(options).WaitAsync(Soon.Limit));
        Assert.Empty(_accepted.Records);
    }

    [Fact]
    public async Task Plaintext_to_a_TLS_port_never_reaches_the_frames()
    {
        _vault.Write("n1", Vault.Node("n1"));
        await using TcpTransport listener = await ListenAsync("n1");
        await using TcpTransport plain = new(new RecordingSink());
        IFrameLink link = await plain.DialAsync(listener.BoundAddress, CancellationToken.None);
        link.Write(new byte[100]);
        link.Flush();
        await Soon.UntilAsync(() => listener.Counters.Closed(CloseKind.Tls) == 1);
        Assert.Empty(_accepted.Records);
    }

    [Fact]
    public async Task A_handshake_without_end_is_cut_at_its_limit_of_bytes()
    {
        _vault.Write("n1", Vault.Node("n1"));
        TransportOptions options = new() { MaxTlsHandshake = 4096, HandshakeTimeout = Soon.Limit * 2 };
        await using TcpTransport listener = await ListenAsync("n1", options: options);
        using Socket raw = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await raw.ConnectAsync(IPAddress.Loopback, Port(listener));
        // The first record of a client hello that says it has 64 KiB, and no more than its begin.
        byte[] record = new byte[16_384];
        byte[] head = [0x16, 3, 1, 0x40, 0, 1, 0, 0xff, 0xff, 3, 3];
        head.CopyTo(record, 0);
        await raw.SendAsync(record);
        await Soon.UntilAsync(() => listener.Counters.Closed(CloseKind.Tls) == 1);
        Assert.Equal(0, listener.Pending);
    }

    private async Task<TcpTransport> ListenAsync(string name, bool allowAnyNode = false, TransportOptions? options = null)
    {
        TcpTransport listener = _vault.Transport(name, _accepted, allowAnyNode, options: options);
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);
        return listener;
    }

    private Issued Bad(string kind)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return kind switch
        {
            "another CA" => Authority.Issue(_vault["c"], Vault.Node("n2"), [], now, TimeSpan.FromDays(1)),
            "expired" => Authority.Issue(Trusted(Authority.Create("shop", now - TimeSpan.FromDays(9), TimeSpan.FromDays(30))), Vault.Node("n2"), [], now - TimeSpan.FromDays(5), TimeSpan.FromDays(1)),
            "another cluster" => Authority.Issue(_vault["a"], Vault.Node("n2", "shop2"), [], now, TimeSpan.FromDays(1)),
            "any node" => Authority.Issue(_vault["a"], Vault.Node("*"), [], now, TimeSpan.FromDays(1)),
            "two nodes" => WithTwoNames(_vault["a"], now),
            "no node" => Trusted(Authority.Create("shop", now, TimeSpan.FromDays(1))),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static Issued WithTwoNames(Issued authority, DateTimeOffset now)
    {
        using X509Certificate2 issuer = X509Certificate2.CreateFromPem(authority.Certificate, authority.Key);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=n2", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri("groupcomm://shop/n2"));
        names.AddUri(new Uri("groupcomm://shop/n3"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using X509Certificate2 made = request.Create(issuer, now - TimeSpan.FromMinutes(5), now + TimeSpan.FromDays(1), [1, 2, 3, 4]);
        return new Issued(made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>So that nothing but what the case names is wrong with it.</summary>
    private Issued Trusted(Issued authority)
    {
        _vault.Write("good", Authority.Issue(_vault["a"], Vault.Node("n1"), [], DateTimeOffset.UtcNow, TimeSpan.FromDays(1)), _vault["a"].Certificate + authority.Certificate);
        return authority;
    }

    private static X509Certificate2 Pair(Issued issued) =>
        X509Certificate2.CreateFromPem(issued.Certificate, issued.Key);

    private static int Port(TcpTransport transport) => int.Parse(transport.BoundAddress.Split(':').Last(), null);
}
