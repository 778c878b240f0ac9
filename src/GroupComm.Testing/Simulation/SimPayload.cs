using System;
using System.Buffers.Text;

namespace GroupComm.Testing.Simulation;

/// <summary>The bytes of the n-th message of a schedule: <c>m1</c>, <c>m2</c>… in blanks, so that they can be told in words.</summary>
internal static class SimPayload
{
    private const int Width = 8;

    public static void Write(Span<byte> buffer, long number)
    {
        buffer[..Width].Fill((byte)' ');
        buffer[0] = (byte)'m';
        Utf8Formatter.TryFormat(number, buffer[1..Width], out _);
    }
}
