using System;
using System.Collections.Generic;
using System.IO;
using GroupComm.Daemon.Cert;
using GroupComm.Transport;
using GroupComm.Transport.Tls;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A CA and certificates as <c>groupcomm cert</c> makes them, for one run.</summary>
internal sealed class BenchCertificates : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    public BenchCertificates(string cluster, IEnumerable<string> names)
    {
        CertFiles files = new(Path);
        files.WriteAuthority(() => Authority.Create(cluster, DateTimeOffset.UtcNow, Life));
        Issued authority = files.ReadAuthority();
        foreach (string name in names)
            files.WriteNode(name, () => Authority.Issue(authority, new PeerIdentity(cluster, name), [], DateTimeOffset.UtcNow, Life));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("groupcomm-bench-").FullName;

    public static void Use(GroupCommOptions options, string directory)
    {
        options.TlsCert = System.IO.Path.Combine(directory, $"{options.Name}.pem");
        options.TlsKey = System.IO.Path.Combine(directory, $"{options.Name}-key.pem");
        options.TlsCa = new CertFiles(directory).AuthorityPath;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
