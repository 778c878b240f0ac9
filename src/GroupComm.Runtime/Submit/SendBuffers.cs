using System;
using System.Buffers;

namespace GroupComm.Runtime.Submit;

/// <summary>Buffers into which typed messages are written before they are copied into the stream: one per thread, kept
/// unless it grew large. Nothing but memory is shared between nodes.</summary>
internal static class SendBuffers
{
    private const int Largest = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    public static ArrayBufferWriter<byte> Rent()
    {
        ArrayBufferWriter<byte> writer = _spare ?? new ArrayBufferWriter<byte>(1024);
        _spare = null;
        return writer;
    }

    public static void Return(ArrayBufferWriter<byte>? writer)
    {
        if (writer is null || writer.Capacity > Largest)
            return;
        writer.ResetWrittenCount();
        _spare = writer;
    }
}
