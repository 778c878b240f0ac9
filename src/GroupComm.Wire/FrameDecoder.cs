using System;
using System.Buffers;
using System.Buffers.Binary;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>
/// Frames to messages. Nothing in the bytes makes it throw or allocate for more than what is there. One thread at a time.
/// </summary>
/// <param name="blocks">Where the payloads of bundles go; each bundle's block comes with one reference for the caller.</param>
/// <param name="checksum">Frames end with a checksum; false under TLS.</param>
internal sealed class FrameDecoder(BlockSource blocks, bool checksum)
{
    /// <summary>More than the fields up to the payload length can take.</summary>
    private const int Beginning = 256;

    private readonly DecodeContext _context = new(blocks);
    private readonly FrameChecksum? _checksum = checksum ? new FrameChecksum() : null;
    private readonly int _tail = checksum ? WireLimits.Tail : 0;

    /// <summary>Frames of this connection end with a checksum.</summary>
    public bool Checksums => _checksum is not null;

    /// <summary>Decodes what follows a length prefix. <paramref name="generation"/> is that of the connection.</summary>
    public FrameStatus Decode(ReadOnlySpan<byte> frame, uint generation, out Message? message, out string? error)
    {
        message = null;
        if (!TryBound(frame.Length, out int length, out error))
            return FrameStatus.Malformed;
        if (!BundleReader.TrySplit(frame[..length], length, out FrameHead head, out int headLength, out error))
            return FrameStatus.Malformed;
        if (_checksum is not null && !Matches(_checksum.Compute(frame[..length], head.GenerationAt, default), head, frame[length..], out error))
            return FrameStatus.Malformed;
        return Finish(frame[..headLength], new Payload(frame[headLength..length]), generation, out message, out error);
    }

    /// <summary>The same for a frame in pieces: only the head is gathered, the payload goes straight to its block.</summary>
    public FrameStatus Decode(in ReadOnlySequence<byte> frame, uint generation, out Message? message, out string? error)
    {
        if (frame.IsSingleSegment)
            return Decode(frame.FirstSpan, generation, out message, out error);
        message = null;
        if (!TryBound(frame.Length, out int length, out error))
            return FrameStatus.Malformed;
        Span<byte> beginning = stackalloc byte[Beginning];
        beginning = beginning[..Math.Min(length, Beginning)];
        frame.Slice(0, beginning.Length).CopyTo(beginning);
        if (!BundleReader.TrySplit(beginning, length, out FrameHead head, out int headLength, out error))
            return FrameStatus.Malformed;
        if (_checksum is not null)
        {
            Span<byte> tail = stackalloc byte[WireLimits.Tail];
            frame.Slice(length).CopyTo(tail);
            if (!Matches(_checksum.Compute(frame.Slice(0, length), head.GenerationAt), head, tail, out error))
                return FrameStatus.Malformed;
        }
        byte[] scratch = ArrayPool<byte>.Shared.Rent(headLength);
        frame.Slice(0, headLength).CopyTo(scratch);
        FrameStatus result = Finish(
            scratch.AsSpan(0, headLength), new Payload(frame.Slice(headLength, length - headLength)), generation, out message, out error);
        ArrayPool<byte>.Shared.Return(scratch);
        return result;
    }

    private bool TryBound(long frameLength, out int length, out string? error)
    {
        error = frameLength > WireLimits.MaxFrame ? "a frame above the limit" : frameLength <= _tail ? "a frame without content" : null;
        length = error is null ? (int)frameLength - _tail : 0;
        return error is null;
    }

    private static bool Matches(ulong hash, FrameHead head, ReadOnlySpan<byte> tail, out string? error)
    {
        bool same = FrameChecksum.Seal(hash, head.Generation) == BinaryPrimitives.ReadUInt64LittleEndian(tail);
        error = same ? null : "checksum mismatch";
        return same;
    }

    private FrameStatus Finish(ReadOnlySpan<byte> bytes, Payload payload, uint generation, out Message? message, out string? error)
    {
        message = null;
        var reader = new WireReader(bytes);
        FrameHead head = FrameHead.Read(ref reader, out int saved);
        error = null;
        if (head.Generation < generation)
            return FrameStatus.Stale;
        bool known = Enum.IsDefined((MessageKind)head.Kind);
        if (!known && head.Kind >= FrameHead.Skippable)
            return FrameStatus.Skipped;
        if (!known)
            reader.Fail("an unknown kind of frame");

        Message? read = head.Kind == (int)MessageKind.Bundle
            ? BundleReader.Read(ref reader, head.View, payload, _context)
            : BodyReader.Read(ref reader, (MessageKind)head.Kind, head.View, _context);
        reader.End(saved);
        if (!reader.Failed && reader.Remaining != 0)
            reader.Fail("bytes behind the last field");
        if (reader.Failed || read is null)
        {
            _context.GiveBack();
            error = reader.Error ?? "an empty message";
            return FrameStatus.Malformed;
        }
        _context.Keep();
        message = read;
        return FrameStatus.Message;
    }
}
