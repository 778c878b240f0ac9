using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GroupComm.Hosting.Configuration;
using GroupComm.Transport;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>Texts that name a node, a member, an endpoint, a token or a time: in frames, parameters and configuration.</summary>
internal sealed class Identifiers : Decoder
{
    public override string Name => "identifiers";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Abstractions", "GroupComm.Transport.Tcp", "GroupComm.Hosting", "groupcomm"];

    public override int MaxLength => 512;

    // Each of the readers may repeat the text in what it says is wrong.
    public override long Bound(int length) => (16 << 10) + (64L * length);

    public override IReadOnlyList<byte[]> Words => Texts(":", "#", "/", "[", "]", "::1", "0.0.0.0", "65535", "65536", "9223372036854775807", "18446744073709551616", ".", "-", "+", " ", "ms", "min", "h", "00:00:05", "e9", "∞");

    public override IEnumerable<byte[]> Seeds() => Texts("n1#17", "n1#17/alice", "10.0.0.1:7400", "[fd00::2]:7400", "host.example", "0123456789abcdef0123456789abcdef", "500ms", "1.5min", "00:00:05");

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        bool any = false;
        if (NodeId.TryParse(text, out NodeId id))
            Same(ref any, text, id.ToString(), NodeId.TryParse(id.ToString(), out NodeId again) && again == id);
        if (Endpoint.TryParse(text, 7400, out Endpoint endpoint, out string error) != (error.Length == 0))
            throw new InvalidOperationException($"'{text}': {endpoint} and '{error}'");
        if (error.Length == 0)
            Same(ref any, text, endpoint.ToString(), Endpoint.TryParse(endpoint.ToString(), 1, out Endpoint other) && other.Equals(endpoint));
        if (FencingToken.TryParse(text, out FencingToken token))
            Same(ref any, text, token.ToString(), FencingToken.TryParse(token.ToString(), out FencingToken same) && same == token);
        foreach (Type type in (Type[])[typeof(TimeSpan), typeof(int), typeof(long), typeof(double), typeof(bool), typeof(DeliveryOrder)])
            any |= TextValue.TryParse(type, text, out _, out _);
        try
        {
            MemberId member = Daemon.Gateway.Identities.Member(text);
            any |= member.Node.Incarnation > 0 ? true : throw new InvalidOperationException($"'{text}' is read as {member}");
        }
        catch (ArgumentException)
        {
            // Its way to refuse.
        }
        return any;
    }

    private static void Same(ref bool any, string text, string written, bool same) =>
        any = same ? true : throw new InvalidOperationException($"'{text}' is read, but not '{written}' that is written of it");
}
