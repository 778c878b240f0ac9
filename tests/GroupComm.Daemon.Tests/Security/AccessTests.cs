using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Access;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Law Q8: who gets an answer.</summary>
public sealed class AccessTests : IDisposable
{
    private const string Token = "0123456789abcdef0123", Admin = "fedcba98765432109876";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("GET", "/healthz/live", null, 200, null)]
    [InlineData("GET", "/healthz/ready", null, 401, "no-token")]
    [InlineData("GET", "/v1/view", null, 401, "no-token")]
    [InlineData("POST", "/v1/groups/g/messages", null, 401, "no-token")]
    [InlineData("GET", "/v1/groups/g/events", null, 401, "no-token")]
    [InlineData("GET", "/metrics", null, 401, "no-token")]
    [InlineData("GET", "/v1/view", "0123456789abcdef012", 403, "wrong-token")]
    [InlineData("GET", "/v1/view", Token, 200, null)]
    [InlineData("GET", "/v1/view", Admin, 200, null)]
    [InlineData("POST", "/v1/admin/leave", null, 401, "no-token")]
    [InlineData("POST", "/v1/admin/leave", Token, 403, "wrong-token")]
    [InlineData("POST", "/V1/ADMIN/leave", Token, 404, "unknown-path")]
    [InlineData("POST", "/v1//admin/leave", Token, 404, "unknown-path")]
    [InlineData("POST", "/v1/admin/leave", Admin, 202, null)]
    public async Task With_a_token_file_only_its_bearer_is_answered(string method, string path, string? token, int status, string? code)
    {
        TaskCompletionSource left = new();
        ServeSettings settings = new() { TokenFile = Secret("token", Token), AdminTokenFile = Secret("admin", Admin) };
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(access: HttpAccess.Of(settings), leave: left.SetResult);
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await daemon.Http.SendAsync(request, Sidecar.Daemon.Ct);
        string body = await response.Content.ReadAsStringAsync(Sidecar.Daemon.Ct);
        Assert.True(status == (int)response.StatusCode, body);
        if (code is not null)
            Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        if (status == 401)
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        if (status == 202)
            await left.Task.WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);
        else
            Assert.False(left.Task.IsCompleted);
    }

    [Fact]
    public async Task Without_an_admin_token_there_are_no_admin_calls_over_TCP()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(leave: () => Assert.Fail("left"));
        (int status, JsonElement problem) = await daemon.PostAsync("/v1/admin/leave", "");
        Assert.Equal((403, "no-admin"), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_unix_socket_is_for_its_group_in_a_directory_for_its_owner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs peer credentials");
        string path = Path.Combine(_directory.Path, "run", "http.sock");
        TaskCompletionSource left = new();
        HttpAccess access = HttpAccess.Of(new ServeSettings { Http = "unix:" + path });
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(access: access, leave: left.SetResult);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, Modes.Of(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Modes.Of(Path.GetDirectoryName(path)!));
        using (HttpClient http = Clients.DaemonHttp.Create("unix:" + path))
        {
            Assert.Contains("\"primary\":true", await http.GetStringAsync("/v1/view", Sidecar.Daemon.Ct));
            Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync("/v1/admin/leave", null, Sidecar.Daemon.Ct)).StatusCode);
        }
        await left.Task.WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);
        UsageException taken = Assert.Throws<UsageException>(() => SocketFile.Prepare(path, "Http"));
        Assert.Contains("another process listens", taken.Message);
    }

    [Fact]
    public void The_socket_of_a_dead_process_is_replaced_and_any_other_file_is_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a unix");
        string directory = Path.Combine(_directory.Path, "own"), path = Path.Combine(directory, "a.sock");
        SocketFile.Prepare(path, "Http");
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path + "0"));
            File.Move(path + "0", path); // else its end removes it, which a killed process does not
        }
        Assert.True(File.Exists(path));
        SocketFile.Prepare(path, "Http");
        Assert.False(File.Exists(path));
        File.WriteAllText(path, "precious");
        try
        {
            SocketFile.Prepare(path, "Http");
            Assert.Equal("precious", "deleted");
        }
        catch (UsageException)
        {
            Assert.Equal("precious", File.ReadAllText(path));
        }
    }

    [Theory]
    [InlineData(UnixFileMode.OtherExecute)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_directory_that_others_can_enter_is_refused(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a unix");
        string directory = Directory.CreateDirectory(Path.Combine(_directory.Path, "open")).FullName;
        Modes.Set(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | mode);
        Assert.Contains("0700", Assert.Throws<UsageException>(() => SocketFile.Prepare(Path.Combine(directory, "a.sock"), "Http")).Message);
    }

    [Theory]
    [InlineData("short", false, "at least 16")]
    [InlineData("0123456789abcdef", true, "chmod 600")]
    public async Task A_token_that_is_short_or_open_to_others_stops_the_daemon(string token, bool open, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a unix");
        string path = Secret("t", token);
        if (open)
            Modes.Set(path, Modes.Of(path) | UnixFileMode.OtherRead);
        Ran ran = await ServeAsync("--token-file", path);
        Assert.Equal(2, ran.Code);
        Assert.Contains(said, Assert.Single(ran.ErrorLines));
        Assert.DoesNotContain(token, ran.Error.Replace(path, ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http 0.0.0.0:0", "--token-file")]
    [InlineData("--http 0.0.0.0:0 --token-file TOKEN", "--http-cert")]
    [InlineData("--http 0.0.0.0:0 --http-cert a.pem", "go together")]
    [InlineData("--http unix:/tmp/x.sock --token-file TOKEN", "leave them out")]
    public async Task Off_loopback_HTTP_needs_TLS_and_a_token(string line, string said)
    {
        Ran ran = await ServeAsync(line.Replace("TOKEN", Secret("token", Token), StringComparison.Ordinal).Split(' '));
        Assert.Equal(2, ran.Code);
        Assert.Contains(said, Assert.Single(ran.ErrorLines));
    }

    [Fact]
    public async Task HTTPS_with_a_token_is_served_and_its_certificate_is_that_of_the_files()
    {
        string certs = Path.Combine(_directory.Path, "certs");
        Assert.Equal(0, Cli.InProcess("cert", "init", "--dir", certs).Code);
        Assert.Equal(0, Cli.InProcess("cert", "issue", "n1", "--host", "127.0.0.1", "--dir", certs).Code);
        ServeSettings settings = new() { Http = "0.0.0.0:7480", TokenFile = Secret("token", Token), HttpCert = Path.Combine(certs, "n1.pem"), HttpKey = Path.Combine(certs, "n1-key.pem") };
        HttpAccess access = HttpAccess.Of(settings);
        Assert.NotNull(HttpHost.Plan(settings.Http, access.IsProtected));
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(access: access);
        System.Security.Cryptography.X509Certificates.X509ChainPolicy policy = new()
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(certs, "ca.pem"));
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } });
        using HttpRequestMessage request = new(HttpMethod.Get, $"https://127.0.0.1:{daemon.Port}/v1/view");
        request.Headers.Authorization = new("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request, Sidecar.Daemon.Ct)).StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => daemon.Http.GetStringAsync("/v1/view", Sidecar.Daemon.Ct)); // plain HTTP
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "https://127.0.0.1:PORT")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example:PORT")]
    public async Task A_page_of_another_origin_can_neither_send_nor_read(string header, string value)
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using Sidecar.EventReader reader = await daemon.JoinAsync("?member=alice");
        await reader.NextAsync("view");
        value = value.Replace("PORT", $"{daemon.Port}", StringComparison.Ordinal);
        foreach (HttpMethod method in new[] { HttpMethod.Post, HttpMethod.Get })
        {
            using HttpRequestMessage request = new(method, method == HttpMethod.Post ? "/v1/groups/g/messages" : "/v1/view");
            request.Headers.TryAddWithoutValidation(header, value);
            using HttpResponseMessage response = await daemon.Http.SendAsync(request, Sidecar.Daemon.Ct);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
        await daemon.PostAsync("/v1/groups/g/messages", "own");
        Assert.Equal("own", (await reader.NextAsync("message")).Text);
    }

    /// <summary>A daemon that must refuse to start; one that starts does not end.</summary>
    private static Task<Ran> ServeAsync(params string[] args) => Task.Run(() => Cli.InProcess(["serve", .. args])).WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);

    private string Secret(string name, string text)
    {
        string path = Path.Combine(_directory.Path, name);
        File.WriteAllText(path, text + "\n");
        Modes.Set(path, Modes.Owner);
        return path;
    }
}
