using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GroupComm.Transport.Tls;

/// <summary>PEM texts of a certificate and its private key.</summary>
internal sealed record Issued(string Certificate, string Key);

/// <summary>A small CA for one cluster: it is named after the cluster, signs certificates of nodes, and no further CA.</summary>
internal static class Authority
{
    private const string Organization = "O=GroupComm, CN=";
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private const int SerialSize = 16;

    // So that a node whose clock is late accepts what was made just now.
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);

    public static Issued Create(string cluster, DateTimeOffset now, TimeSpan life)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Organization + cluster, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 made = request.CreateSelfSigned(now - Before, now + life);
        return new Issued(made.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>The cluster of a CA that <see cref="Create"/> made; null for another one.</summary>
    public static string? ClusterOf(string authorityPem)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(authorityPem);
        string name = authority.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return authority.Subject == new X500DistinguishedName(Organization + name).Name ? name : null;
    }

    /// <summary>A certificate of a node, not longer good than the CA itself.</summary>
    public static Issued Issue(Issued authority, PeerIdentity identity, IEnumerable<string> hosts, DateTimeOffset now, TimeSpan life)
    {
        using X509Certificate2 issuer = X509Certificate2.CreateFromPem(authority.Certificate, authority.Key);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(new X500DistinguishedName($"O=GroupComm, OU={identity.Cluster}, CN={identity.Node}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerPurpose), new Oid(ClientPurpose)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(SubjectUris.Extension(identity, hosts));
        DateTimeOffset from = Later(now - Before, issuer.NotBefore), until = Earlier(now + life, issuer.NotAfter);
        using X509Certificate2 made = request.Create(issuer, from, until, NewSerial());
        return new Issued(made.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    // Positive, and of full length.
    private static byte[] NewSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(SerialSize);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
