using System;
using System.IO;
using System.Linq;
using GroupComm.Transport;
using GroupComm.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>What <c>groupcomm cert</c> makes.</summary>
public sealed class CertTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Nodes_that_were_issued_certificates_trust_each_other()
    {
        Assert.Equal(0, Cli.InProcess("cert", "init", "--cluster", "Shop.1", "--dir", _directory.Path).Code);
        Ran issued = Cli.InProcess("cert", "issue", "n1", "Till_2", "*", "--dir", _directory.Path);
        Assert.Equal(0, issued.Code);
        Assert.Equal(3, issued.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        foreach ((string file, string node) in new[] { ("n1", "n1"), ("Till_2", "Till_2"), ("any", "*") })
            Assert.Equal(new PeerIdentity("Shop.1", node), Open(file).Identity);
        if (!OperatingSystem.IsWindows())
            Assert.All(Directory.GetFiles(_directory.Path, "*-key.pem"), key => Assert.Equal(Modes.Owner, Modes.Of(key)));
    }

    [Fact]
    public void A_certificate_is_renewed_and_a_CA_is_not_overwritten()
    {
        Assert.Equal(0, Cli.InProcess("cert", "init", "--dir", _directory.Path).Code);
        Assert.Equal(0, Cli.InProcess("cert", "issue", "n1", "--days", "1", "--dir", _directory.Path).Code);
        DateTime first = Open("n1").Current.NotAfter;
        Assert.Equal(0, Cli.InProcess("cert", "issue", "n1", "--dir", _directory.Path).Code);
        Assert.True(Open("n1").Current.NotAfter > first);
        Ran again = Cli.InProcess("cert", "init", "--dir", _directory.Path);
        Assert.Equal(2, again.Code);
        Assert.Contains("is there already", Assert.Single(again.ErrorLines));
    }

    [Theory]
    [InlineData("issue n1", "cert init")]
    [InlineData("init --cluster a/b", "not a name")]
    [InlineData("init --days 0", "1 to 3650")]
    [InlineData("issue", "NAME")]
    public void Bad_usage_is_one_line_that_helps(string line, string said)
    {
        string[] args = ["cert", .. line.Split(' '), "--dir", Path.Combine(_directory.Path, "none")];
        Ran ran = Cli.InProcess(args);
        Assert.Equal(2, ran.Code);
        Assert.Contains(said, Assert.Single(ran.ErrorLines));
    }

    [Theory]
    [InlineData("a/b", "not a name")]
    [InlineData("ca", "files of the CA")]
    [InlineData("n1 --host a_b!", "--host")]
    public void A_bad_name_is_refused(string line, string said)
    {
        Cli.InProcess("cert", "init", "--dir", _directory.Path);
        Ran ran = Cli.InProcess(["cert", "issue", .. line.Split(' '), "--dir", _directory.Path]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(said, Assert.Single(ran.ErrorLines));
        Assert.Equal(2, Directory.GetFiles(_directory.Path).Count());
    }

    private CredentialFiles Open(string name) => new(
        Path.Combine(_directory.Path, $"{name}.pem"), Path.Combine(_directory.Path, $"{name}-key.pem"), Path.Combine(_directory.Path, "ca.pem"), TimeProvider.System, NullLogger.Instance);
}
