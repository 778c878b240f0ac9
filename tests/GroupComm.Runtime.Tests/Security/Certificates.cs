using System;
using System.IO;
using System.Linq;
using GroupComm.Transport;
using GroupComm.Transport.Tls;

namespace GroupComm.Runtime.Tests.Security;

/// <summary>CAs and certificates of the nodes of one test.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("groupcomm-tls-").FullName;
    private readonly Issued[] _authorities = [.. Enumerable.Range(0, 2).Select(_ => Authority.Create("shop", DateTimeOffset.UtcNow, TimeSpan.FromDays(2)))];

    /// <param name="node">Whose options these are; its files are named after it.</param>
    /// <param name="options">Get the cluster and the files.</param>
    /// <param name="identity">Another node's name, if the certificate shall be for that one.</param>
    public void Use(string node, GroupCommOptions options, string? identity = null)
    {
        Write(node, identity: identity);
        (options.Cluster, options.TlsCert, options.TlsKey, options.TlsCa) = ("shop", PathOf($"{node}.pem"), PathOf($"{node}-key.pem"), PathOf($"{node}-ca.pem"));
    }

    /// <summary>New files, not in one step: as an administrator's copy would.</summary>
    public void Write(string node, int signer = 0, string trusts = "0", string? identity = null)
    {
        Issued issued = Authority.Issue(_authorities[signer], new PeerIdentity("shop", identity ?? node), [], DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        File.WriteAllText(PathOf($"{node}-ca.pem"), string.Concat(trusts.Select(each => _authorities[each - '0'].Certificate)));
        File.WriteAllText(PathOf($"{node}.pem"), issued.Certificate);
        File.WriteAllText(PathOf($"{node}-key.pem"), issued.Key);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string PathOf(string file) => Path.Combine(_directory, file);
}
