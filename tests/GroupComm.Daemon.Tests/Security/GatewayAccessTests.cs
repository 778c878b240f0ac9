using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Daemon.Tests.Gateway;
using GroupComm.Gateway.Protocol;
using GroupComm.Transport;
using GroupComm.Transport.Tls;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Law Q8 for programs: the gateway over TCP and WebSocket asks for the token of HTTP, and speaks its TLS.</summary>
public sealed class GatewayAccessTests : IDisposable
{
    private const string Token = "0123456789abcdef0123";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("tcp", null, "no-token")]
    [InlineData("tcp", "0123456789abcdef0124", "wrong-token")]
    [InlineData("tcp", Token, "welcome")]
    [InlineData("websocket", null, "no-token")]
    [InlineData("websocket", "0123456789abcdef0124", "wrong-token")]
    [InlineData("websocket", Token, "welcome")]
    [InlineData("websocket with the header", Token, "welcome")]
    [InlineData("unix", null, "welcome")]
    public async Task A_client_shows_the_token_in_its_HELLO(string transport, string? token, string outcome)
    {
        HttpAccess access = HttpAccess.Of(new ServeSettings { TokenFile = Secret() });
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(access: access);
        string path = Path.Combine(_directory.Path, "g.sock");
        await using GatewayHost host = await GatewayHost.StartAsync(daemon.Gateway, GatewayPlan.Of(path, "127.0.0.1:0", insecure: false, access)!, Sidecar.Daemon.Ct);
        using Socket socket = transport == "unix" ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new(SocketType.Stream, ProtocolType.Tcp);
        if (transport == "unix")
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), Sidecar.Daemon.Ct);
        else if (transport == "tcp")
            await socket.ConnectAsync(host.Tcp!, Sidecar.Daemon.Ct);
        bool header = transport.EndsWith("header", StringComparison.Ordinal);
        using GatewayClient client = GatewayClient.Raw(transport.StartsWith("websocket", StringComparison.Ordinal) ? await GatewayClient.WebSocketAsync(daemon, header ? token : null) : new NetworkStream(socket));
        await client.SendAsync(new Hello(1, 1, "c", 65_536, 0, null, 0) { Token = header ? null : token });
        GatewayFrame? answer = await client.NextAsync();
        Assert.Equal(outcome, answer is Close close ? close.Code : answer is Welcome ? "welcome" : $"{answer}");
    }

    [Fact]
    public async Task With_a_certificate_TCP_is_TLS_and_plain_clients_get_nothing()
    {
        Issued authority = Authority.Create("shop", DateTimeOffset.UtcNow, TimeSpan.FromDays(2));
        Issued issued = Authority.Issue(authority, new PeerIdentity("shop", "n1"), ["localhost"], DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        string certificate = Path.Combine(_directory.Path, "n1.pem"), key = Path.Combine(_directory.Path, "n1-key.pem");
        File.WriteAllText(certificate, issued.Certificate);
        File.WriteAllText(key, issued.Key);
        HttpAccess access = HttpAccess.Of(new ServeSettings { TokenFile = Secret(), HttpCert = certificate, HttpKey = key });
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        await using GatewayHost host = await GatewayHost.StartAsync(daemon.Gateway, GatewayPlan.Of(null, "127.0.0.1:0", insecure: false, access)!, Sidecar.Daemon.Ct);

        using Socket plain = new(SocketType.Stream, ProtocolType.Tcp);
        await plain.ConnectAsync(host.Tcp!, Sidecar.Daemon.Ct);
        using GatewayClient refused = GatewayClient.Raw(new NetworkStream(plain));
        await refused.SendAsync(new Hello(1, 1, "c", 65_536, 0, null, 0) { Token = Token });
        Assert.Null(await EndOf(refused));

        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Tcp!, Sidecar.Daemon.Ct);
        SslStream tls = new(new NetworkStream(socket));
        using X509Certificate2 trusted = X509Certificate2.CreateFromPem(authority.Certificate);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trusted);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy }, Sidecar.Daemon.Ct);
        Assert.True(tls.SslProtocol >= SslProtocols.Tls12);
        using GatewayClient client = GatewayClient.Raw(tls);
        await client.SendAsync(new Hello(1, 1, "c", 65_536, 0, null, 0) { Token = Token });
        Assert.IsType<Welcome>(await client.NextAsync());
        await client.JoinAsync("g", "a");
        await client.SendTextAsync("over TLS");
        Assert.Equal("over TLS", await client.NextTextAsync());
    }

    [Fact]
    public void Off_loopback_TCP_needs_TLS_and_a_token()
    {
        HttpAccess token = HttpAccess.Of(new ServeSettings { TokenFile = Secret() });
        foreach (HttpAccess? access in new[] { null, HttpAccess.Open, token })
            Assert.Contains("give it --http-cert, --http-key and --token-file", Assert.Throws<UsageException>(() => GatewayPlan.Of(null, "0.0.0.0:7481", insecure: false, access)).Message, StringComparison.Ordinal);
        Assert.NotNull(GatewayPlan.Of(null, "0.0.0.0:7481", insecure: true));
    }

    [Theory]
    [InlineData("0700", true)]
    [InlineData("0755", true)]
    [InlineData("1777", true)] // /tmp: only the owner of a file may replace it
    [InlineData("0777", false)]
    [InlineData("0770", false)]
    public void A_directory_where_others_can_replace_the_socket_is_refused(string mode, bool good)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs modes of files");
        string directory = Directory.CreateDirectory(Path.Combine(_directory.Path, "run")).FullName, path = Path.Combine(directory, "g.sock");
        Modes.Set(directory, (UnixFileMode)Convert.ToInt32(mode, 8));
        if (good)
            Assert.Equal(path, GatewayPlan.Of(path, null, insecure: false)!.Socket);
        else
            Assert.Contains($"others can replace files in {directory}", Assert.Throws<UsageException>(() => GatewayPlan.Of(path, null, insecure: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_HELLO_with_a_token_has_one_more_element()
    {
        Hello hello = new(1, 1, "c", 65_536, 0, null, 0);
        string plain = Convert.ToHexStringLower(FrameEncoder.Encode(hello)), shown = Convert.ToHexStringLower(FrameEncoder.Encode(hello with { Token = "abc" }));
        Assert.Equal("0000000e" + "98" + plain[10..], plain);
        Assert.Equal("00000012" + "99" + plain[10..] + "a3616263", shown);
        Assert.Equal("abc", Assert.IsType<Hello>(new FrameDecoder(1024).Decode(new(Convert.FromHexString(shown[8..])))).Token);
    }

    private static async Task<GatewayFrame?> EndOf(GatewayClient client)
    {
        try
        {
            return await client.NextAsync();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or BadFrameException)
        {
            return null; // reset, or a TLS alert
        }
    }

    private string Secret()
    {
        string path = Path.Combine(_directory.Path, "token");
        File.WriteAllText(path, Token);
        Modes.Set(path, Modes.Owner);
        return path;
    }
}
