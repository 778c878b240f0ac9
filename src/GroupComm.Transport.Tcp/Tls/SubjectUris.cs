using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace GroupComm.Transport.Tls;

/// <summary>Reads and writes the URIs of a certificate's subject alternative name. By hand, for the framework reads only DNS names
/// and addresses there, and its <see cref="Uri"/> would make a cluster's name lower-case.</summary>
internal static class SubjectUris
{
    private const string Oid = "2.5.29.17";
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag AddressTag = new(TagClass.ContextSpecific, 7);

    /// <summary>The one identity that the certificate states; none, or more than one, is a reason to refuse it.</summary>
    public static bool TryIdentity(X509Certificate2 certificate, out PeerIdentity identity, out string wrong)
    {
        identity = default;
        string[] uris;
        try
        {
            uris = [.. Of(certificate).Where(uri => uri.StartsWith(PeerIdentity.Scheme, StringComparison.Ordinal))];
        }
        catch (AsnContentException)
        {
            wrong = "its subject alternative name cannot be read";
            return false;
        }
        wrong = uris.Length == 0 ? $"it names no node: its subject alternative name needs the URI {PeerIdentity.Scheme}CLUSTER/NODE"
            : uris.Length > 1 ? $"it names more than one node: {string.Join(", ", uris)}"
            : PeerIdentity.TryParse(uris[0], out identity) ? "" : $"'{uris[0]}' is not {PeerIdentity.Scheme}CLUSTER/NODE";
        return wrong.Length == 0;
    }

    /// <summary>The extension that states an identity, and host names and addresses for clients that look at those.</summary>
    public static X509Extension Extension(PeerIdentity identity, IEnumerable<string> hosts)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, identity.ToString(), UriTag);
            foreach (string host in hosts)
            {
                if (IPAddress.TryParse(host, out IPAddress? address))
                    writer.WriteOctetString(address.GetAddressBytes(), AddressTag);
                else
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, host, DnsTag);
            }
        }
        return new X509Extension(Oid, writer.Encode(), critical: false);
    }

    private static IEnumerable<string> Of(X509Certificate2 certificate) =>
        certificate.Extensions.Where(each => each.Oid?.Value == Oid).SelectMany(each => Read(each.RawData));

    /// <summary>The URIs of one such extension.</summary>
    /// <exception cref="AsnContentException">The bytes are none.</exception>
    internal static List<string> Read(ReadOnlyMemory<byte> extension)
    {
        List<string> uris = [];
        AsnReader names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag() == UriTag)
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
            else
                names.ReadEncodedValue();
        }
        return uris;
    }
}
