using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using GroupComm.Transport;
using GroupComm.Transport.Tls;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>The subject alternative name of a peer's certificate, and the identity in it. The certificate around it is the platform's to read.</summary>
internal sealed class CertificateNames : Decoder
{
    private List<string> _uris = [];

    public override string Name => "certificate-names";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Transport.Tcp"];

    // An exception with its stack is most of it.
    public override long Bound(int length) => (16 << 10) + (16L * length);

    public override IReadOnlyList<byte[]> Words =>
        [.. Texts("groupcomm://", "shop/n1", "/", "*", "GROUPCOMM://"), [0x86, 0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x80], [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff], [0x86, 0], [0x1f, 0xff, 0xff, 0xff, 0xff, 0x7f]];

    public override IEnumerable<byte[]> Seeds() =>
        [SubjectUris.Extension(new PeerIdentity("shop", "n1"), ["10.0.0.1", "n1.example"]).RawData, SubjectUris.Extension(new PeerIdentity("shop", "*"), []).RawData];

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        try
        {
            _uris = SubjectUris.Read(input.ToArray());
        }
        catch (AsnContentException)
        {
            return false;
        }
        foreach (string uri in _uris)
            if (PeerIdentity.TryParse(uri, out PeerIdentity identity) && (identity.ToString() != uri || identity.Covers("other", identity.Node) || identity.Covers(identity.Cluster, "")
                && !identity.IsAnyNode))
                throw new InvalidOperationException($"'{uri}' is read as {identity}");
        return _uris.Count > 0;
    }
}
