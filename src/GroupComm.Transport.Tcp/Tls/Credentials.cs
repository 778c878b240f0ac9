using System;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GroupComm.Transport.Tls;

/// <summary>What a node shows and whom it trusts, at one moment: its certificate with key and intermediates, and the CAs.</summary>
internal sealed class Credentials
{
    private readonly X509Certificate2Collection _authorities;

    private Credentials(PeerIdentity identity, SslStreamCertificateContext context, X509Certificate2Collection authorities, DateTime notAfter) =>
        (Identity, Context, _authorities, NotAfter) = (identity, context, authorities, notAfter);

    public PeerIdentity Identity { get; }

    public SslStreamCertificateContext Context { get; }

    public DateTime NotAfter { get; }

    /// <summary>A peer is trusted when its chain ends at one of the CAs, and nothing is fetched to find that out.</summary>
    public X509ChainPolicy NewPolicy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    /// <summary>Makes sense of three PEM texts. The first line of the error says what to do.</summary>
    /// <exception cref="CryptographicException">They do not fit, or the certificate would not be trusted by this node's own peers.</exception>
    public static Credentials Read(string certificatePem, string keyPem, string authorityPem)
    {
        X509Certificate2Collection chain = Parse(certificatePem, "TlsCert"), authorities = Parse(authorityPem, "TlsCa");
        X509Certificate2 leaf = WithKey(certificatePem, keyPem);
        if (!SubjectUris.TryIdentity(leaf, out PeerIdentity identity, out string wrong))
            throw new CryptographicException($"the certificate in TlsCert is not for a node: {wrong}; make one with 'groupcomm cert issue NAME'");
        X509Certificate2Collection intermediates = [.. chain.Skip(1)];
        Credentials made = new(identity, SslStreamCertificateContext.Create(leaf, intermediates, offline: true), authorities, leaf.NotAfter);
        made.CheckOwn(leaf, intermediates);
        return made;
    }

    /// <summary>What is wrong is found at the start, not by the first peer.</summary>
    private void CheckOwn(X509Certificate2 leaf, X509Certificate2Collection intermediates)
    {
        using X509Chain chain = new() { ChainPolicy = NewPolicy() };
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        if (!chain.Build(leaf))
            throw new CryptographicException($"the certificate in TlsCert is not good for the CA in TlsCa: {Complaint(chain)}");
    }

    /// <summary>What a chain that was built complains of.</summary>
    public static string Complaint(X509Chain chain) =>
        chain.ChainStatus is { Length: > 0 } found ? string.Join(", ", found.Select(each => each.StatusInformation.Trim()).Distinct(StringComparer.Ordinal)) : "it is not trusted";

    private static X509Certificate2 WithKey(string certificatePem, string keyPem)
    {
        try
        {
            using X509Certificate2 ephemeral = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            // Windows shows no key that lives in memory only.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null) : new X509Certificate2(ephemeral);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new CryptographicException($"TlsKey is not the key of TlsCert: {error.Message}", error);
        }
    }

    private static X509Certificate2Collection Parse(string pem, string option)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw new CryptographicException($"{option} cannot be read: {error.Message}", error);
        }
        return found.Count > 0 ? found : throw new CryptographicException($"{option} holds no certificate: it is a PEM file with -----BEGIN CERTIFICATE-----");
    }
}
