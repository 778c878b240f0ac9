using System;
using System.Buffers.Text;
using System.Text;

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

    /// <summary>A payload as text; one that was written here without what fills it up.</summary>
    public static string Text(ReadOnlySpan<byte> payload)
    {
        string text = Encoding.UTF8.GetString(payload);
        return text is ['m', >= '0' and <= '9', ..] ? text.TrimEnd(' ', '\0') : text;
    }
}
