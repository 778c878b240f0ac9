using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tests.Kit;
using GroupComm.Transport.Tls;
using Xunit;

namespace GroupComm.Transport.Tests.Tls;

/// <summary>Law Q6: files that change, and files that are wrong.</summary>
public sealed class CredentialFilesTests : IDisposable
{
    private readonly Vault _vault = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void New_files_are_used_a_second_later_and_not_before()
    {
        _vault.Write("n1", Vault.Node("n1"));
        CredentialFiles files = _vault.Open("n1", _time);
        Credentials first = files.Current;
        _vault.Write("n1", Vault.Node("n1"), life: TimeSpan.FromDays(2));
        Assert.Same(first, files.Current);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first.NotAfter, files.Current.NotAfter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not PEM")]
    [InlineData("the key of another")]
    [InlineData("missing")]
    [InlineData("another node")]
    public void Files_that_cannot_be_used_leave_the_former_ones(string content)
    {
        _vault.Write("n1", Vault.Node("n1"));
        CredentialFiles files = _vault.Open("n1", _time);
        Credentials first = files.Current;
        _vault.Write("other", Vault.Node("n2"));
        string key = _vault.Path("n1-key.pem");
        if (content == "the key of another")
            File.Copy(_vault.Path("other-key.pem"), key, overwrite: true);
        else if (content == "another node")
            _vault.Write("n1", Vault.Node("n2"));
        else if (content == "missing")
            File.Delete(key);
        else
            File.WriteAllText(key, content);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(first, files.Current);
        _vault.Write("n1", Vault.Node("n1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, files.Current);
    }

    [Fact]
    public async Task A_new_CA_takes_over_while_both_are_trusted()
    {
        _vault.Write("n1", Vault.Node("n1"));
        _vault.Write("n2", Vault.Node("n2"));
        RecordingSink accepted = new();
        await using TcpTransport listener = _vault.Transport("n1", accepted, time: _time);
        await using TcpTransport dialler = _vault.Transport("n2", new RecordingSink(), time: _time);
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);
        IFrameLink standing = await dialler.DialAsync(listener.BoundAddress, CancellationToken.None);
        foreach ((string signer, string trusts) in new[] { ("a", "ab"), ("b", "ab"), ("b", "b") })
        {
            _vault.Write("n1", Vault.Node("n1"), signer, trusts);
            _vault.Write("n2", Vault.Node("n2"), signer, trusts);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(Vault.Node("n1"), (await dialler.DialAsync(listener.BoundAddress, CancellationToken.None)).Peer);
        }
        _vault.Write("n2", Vault.Node("n2"), "a", "ab"); // has missed the change
        _time.Advance(TimeSpan.FromSeconds(1));
        IFrameLink late = await dialler.DialAsync(listener.BoundAddress, CancellationToken.None);
        await Soon.UntilAsync(() => listener.Counters.Closed(CloseKind.Tls) == 1);
        standing.Write([1]);
        standing.Flush();
        await (await accepted.NextAsync()).FramesAsync(1);
        late.Close(new CloseReason(CloseKind.Local, ""));
    }

    [Theory]
    [InlineData("cert", "TlsCert")]
    [InlineData("key", "TlsKey")]
    [InlineData("ca", "TlsCa")]
    public void A_file_that_is_missing_or_wrong_is_named(string which, string option)
    {
        _vault.Write("n1", Vault.Node("n1"));
        string path = _vault.Path(which == "cert" ? "n1.pem" : $"n1-{which}.pem");
        File.WriteAllText(path, "nothing");
        Assert.Contains(option, Assert.Throws<TransportException>(() => _vault.Open("n1")).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(option, Assert.Throws<TransportException>(() => _vault.Open("n1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_CA_than_its_own_is_found_at_the_start()
    {
        _vault.Write("n1", Vault.Node("n1"), signedBy: "b", trusts: "a");
        Assert.Contains("not good for the CA", Assert.Throws<TransportException>(() => _vault.Open("n1")).Message, StringComparison.Ordinal);
    }
}
