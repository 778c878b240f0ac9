using System;
using System.Buffers.Binary;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>
/// Messages to frames: <c>length (4, little-endian) | MessagePack head | payload area | XXH3 (8, little-endian)</c>.
/// A message is encoded once for all peers. One thread at a time.
/// </summary>
/// <param name="checksum">Frames end with a checksum; false under TLS, which has its own.</param>
internal sealed class FrameEncoder(bool checksum)
{
    private readonly WireWriter _writer = new();
    private readonly FrameChecksum? _checksum = checksum ? new FrameChecksum() : null;
    private readonly byte[] _tail = new byte[checksum ? WireLimits.Tail : 0];
    private ulong _hash;

    /// <summary>The frame of a message, valid until the next call.</summary>
    public EncodedFrame Encode(Message message, uint generation)
    {
        _writer.Reset();
        _writer.Take(WireLimits.Prefix);
        ReadOnlySpan<byte> body = default;
        if (message is Bundle bundle)
        {
            BundleWriter.WriteHead(_writer, bundle);
            body = bundle.Body;
        }
        else
        {
            BodyWriter.Write(_writer, message);
        }

        Span<byte> head = _writer.Written;
        long length = (long)head.Length - WireLimits.Prefix + body.Length + _tail.Length;
        if (length > WireLimits.MaxFrame)
            throw new InvalidOperationException($"a {message.Kind} frame of {length} bytes is above the limit of {WireLimits.MaxFrame}");
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)length);
        if (_checksum is not null)
            _hash = _checksum.Compute(head[WireLimits.Prefix..], _writer.GenerationAt - WireLimits.Prefix, body);
        Seal(generation);
        return new EncodedFrame(head, body, _tail);
    }

    /// <summary>Gives the frame of the last <see cref="Encode"/> another link's generation, in place.</summary>
    public void Seal(uint generation)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_writer.Written[_writer.GenerationAt..], generation);
        if (_checksum is not null)
            BinaryPrimitives.WriteUInt64LittleEndian(_tail, FrameChecksum.Seal(_hash, generation));
    }
}
