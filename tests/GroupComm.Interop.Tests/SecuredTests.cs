using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>Law Q8: clients of a daemon with <c>--token-file</c> and <c>--http-cert</c>, which is what it takes to serve programs on other machines.</summary>
public sealed class SecuredTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("groupcomm-secured");
    private readonly int _port = FreePorts.Next();
    private Child? _daemon;

    public async ValueTask InitializeAsync()
    {
        foreach (string[] line in new string[][] { ["init", "--cluster", "interop"], ["issue", "n1", "--host", "localhost"] })
        {
            await using Child cert = Child.Start(Command(["cert", .. line, "--dir", _folder.FullName]));
            await cert.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, cert.Process.ExitCode);
        }
        string token = InFolder("token");
        File.WriteAllText(token, Token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _daemon = Child.Start(Command(["serve", "--name", "n1", "--cluster", "interop", "--listen", $"127.0.0.1:{FreePorts.Next()}", "--http", $"127.0.0.1:{FreePorts.Next()}",
            "--tcp", $"127.0.0.1:{_port}", "--token-file", token, "--http-cert", InFolder("n1.pem"), "--http-key", InFolder("n1-key.pem")]));
        _daemon.Process.BeginErrorReadLine();
        _daemon.Process.BeginOutputReadLine();
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("python-tcp", "tcp")]
    [InlineData("node-tcp", "tls")]
    public async Task A_client_gets_in_over_TLS_with_the_token_and_not_without(string name, string scheme)
    {
        Language language = Language.All.Single(each => each.Name == name);
        Assert.SkipUnless(Language.Chosen.Contains(language), "GROUPCOMM_CLIENT names another");
        language.Require();
        await using Puppet puppet = new(language);
        JsonObject With(string? token) => new()
        {
            ["at"] = new JsonArray($"{scheme}:localhost:{_port}"), ["ca"] = InFolder("ca.pem"), ["token"] = token, ["patience"] = (int)Puppet.Limit.TotalSeconds,
        };
        Assert.Equal("n1", (await puppet.DoAsync("a", "connect", With(Token))).GetProperty("node").GetString()?.Split('#')[0]);
        Assert.Equal("wrong-token", await puppet.FailsAsync("b", "connect", With(Token + "4")));
        await puppet.DoAsync("a", "join", new JsonObject { ["group"] = "g", ["member"] = "a" });
        await puppet.DoAsync("a", "send", new JsonObject { ["text"] = "over TLS" });
        await puppet.UntilTextsAsync("a", "over TLS", 1);
    }

    private string InFolder(string file) => Path.Combine(_folder.FullName, file);

    private static ProcessStartInfo Command(IReadOnlyList<string> arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "groupcomm.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
