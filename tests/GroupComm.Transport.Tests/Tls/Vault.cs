using System;
using System.Collections.Generic;
using System.IO;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tests.Kit;
using GroupComm.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm.Transport.Tests.Tls;

/// <summary>A directory with CAs and certificates, and transports that use them.</summary>
internal sealed class Vault : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("groupcomm-tls-").FullName;
    private readonly Dictionary<string, Issued> _authorities = [];

    public Issued this[string authority]
    {
        get
        {
            if (!_authorities.TryGetValue(authority, out Issued? made))
                _authorities[authority] = made = Authority.Create("shop", DateTimeOffset.UtcNow, TimeSpan.FromDays(30));
            return made;
        }
    }

    public string Path(string file) => System.IO.Path.Combine(_directory, file);

    /// <summary>Writes <c>NAME.pem</c>, <c>NAME-key.pem</c> and <c>NAME-ca.pem</c>.</summary>
    public void Write(string name, PeerIdentity identity, string signedBy = "a", string trusts = "a", TimeSpan? life = null)
    {
        Issued issued = Authority.Issue(this[signedBy], identity, [], DateTimeOffset.UtcNow, life ?? TimeSpan.FromDays(1));
        Write(name, issued, string.Concat(Array.ConvertAll(trusts.ToCharArray(), each => this[each.ToString()].Certificate)));
    }

    public void Write(string name, Issued issued, string authorities)
    {
        File.WriteAllText(Path($"{name}.pem"), issued.Certificate);
        File.WriteAllText(Path($"{name}-key.pem"), issued.Key);
        File.WriteAllText(Path($"{name}-ca.pem"), authorities);
    }

    public CredentialFiles Open(string name, TimeProvider? time = null) =>
        new(Path($"{name}.pem"), Path($"{name}-key.pem"), Path($"{name}-ca.pem"), time ?? TimeProvider.System, NullLogger.Instance);

    public TcpTransport Transport(string name, RecordingSink sink, bool allowAnyNode = false, TimeProvider? time = null, TransportOptions? options = null) =>
        new(sink, options, upgrade: new TlsUpgrade(Open(name, time), "shop", allowAnyNode, (options ?? new TransportOptions()).MaxTlsHandshake));

    public static PeerIdentity Node(string name, string cluster = "shop") => new(cluster, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
