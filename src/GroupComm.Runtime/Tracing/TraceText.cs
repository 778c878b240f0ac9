using System.Text;
using System.Text.Json;

namespace GroupComm.Runtime.Tracing;

/// <summary>
/// A name as it stands between the quotes of a trace line: UTF-8, escaped once and kept. The default is no name and writes <c>null</c>.
/// </summary>
internal readonly struct TraceText
{
    private TraceText(byte[] utf8) => Utf8 = utf8;

    /// <summary>The escaped bytes, null for none.</summary>
    public byte[]? Utf8 { get; }

    public static TraceText Of(string text) => new(JsonEncodedText.Encode(text).EncodedUtf8Bytes.ToArray());

    /// <summary><c>node#incarnation</c>.</summary>
    public static TraceText Of(NodeId id) => new(Encoding.ASCII.GetBytes(id.ToString()));
}
