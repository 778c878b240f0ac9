using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tls;

/// <summary>Mutual TLS (laws Q1, Q2): both ends show a certificate of a trusted CA that names a node of the cluster. Which
/// node it is, the frames' own handshake must then say too. No session is resumed, so every connection is judged anew.</summary>
internal sealed class TlsUpgrade(CredentialFiles files, string cluster, bool allowAnyNode, int handshakeLimit) : IConnectionUpgrade
{
    public async ValueTask<Upgraded> UpgradeAsync(Stream raw, string host, bool server, CancellationToken ct)
    {
        HandshakeStream below = new(raw, handshakeLimit);
        Credentials own = files.Current;
        Verdict verdict = new(cluster, allowAnyNode);
        SslStream tls = new(below, leaveInnerStreamOpen: false);
        try
        {
            if (server)
                await tls.AuthenticateAsServerAsync(ServerOptions(own, verdict), ct).ConfigureAwait(false);
            else
                await tls.AuthenticateAsClientAsync(ClientOptions(own, verdict), ct).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (verdict.Refusal is { } refusal)
                throw new AuthenticationException(refusal, error);
            throw;
        }
        below.Open();
        return new Upgraded(tls, verdict.Identity);
    }

    private static SslServerAuthenticationOptions ServerOptions(Credentials own, Verdict verdict) => new()
    {
        ServerCertificateContext = own.Context, ClientCertificateRequired = true, EnabledSslProtocols = TlsVersions.Accepted,
        CertificateChainPolicy = own.NewPolicy(), RemoteCertificateValidationCallback = verdict.Judge, AllowRenegotiation = false, AllowTlsResume = false,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
    };

    private static SslClientAuthenticationOptions ClientOptions(Credentials own, Verdict verdict) => new()
    {
        ClientCertificateContext = own.Context, TargetHost = "", EnabledSslProtocols = TlsVersions.Accepted,
        CertificateChainPolicy = own.NewPolicy(), RemoteCertificateValidationCallback = verdict.Judge, AllowRenegotiation = false, AllowTlsResume = false,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
    };

    /// <summary>Of one connection.</summary>
    private sealed class Verdict(string cluster, bool allowAnyNode)
    {
        public PeerIdentity Identity { get; private set; }

        public string? Refusal { get; private set; }

        // The host's name does not count: a node is known by its identity, wherever it runs.
        public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is not X509Certificate2 shown)
                Refusal = "the peer shows no certificate";
            else if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
                Refusal = $"the peer's certificate ({shown.Subject}) is not good for the CA in TlsCa: {(chain is null ? "it is not trusted" : Credentials.Complaint(chain))}";
            else if (!SubjectUris.TryIdentity(shown, out PeerIdentity identity, out string wrong))
                Refusal = $"the peer's certificate ({shown.Subject}): {wrong}";
            else if (identity.Cluster != cluster)
                Refusal = $"the peer's certificate is for {identity}, this node belongs to cluster '{cluster}'";
            else if (identity.IsAnyNode && !allowAnyNode)
                Refusal = $"the peer's certificate is for any node ({identity}): issue one by name, or allow it with TlsAllowWildcard (--tls-allow-wildcard)";
            else
                Identity = identity;
            return Refusal is null;
        }
    }
}
