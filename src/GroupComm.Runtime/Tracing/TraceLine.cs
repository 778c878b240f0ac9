using System;
using System.Buffers;
using System.Buffers.Text;

namespace GroupComm.Runtime.Tracing;

/// <summary>One line of JSON under construction: a byte array that grows and is used again.</summary>
internal sealed class TraceLine
{
    private byte[] _bytes = new byte[512];
    private int _length;

    public void Begin() => _length = 0;

    /// <summary>Bytes that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length);
        json.CopyTo(_bytes.AsSpan(_length));
        _length += json.Length;
    }

    /// <summary>A quoted name, or <c>null</c>.</summary>
    public void Text(TraceText text)
    {
        if (text.Utf8 is null)
        {
            Raw("null"u8);
            return;
        }
        Raw("\""u8);
        Raw(text.Utf8);
        Raw("\""u8);
    }

    public void Number(long value)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out int written);
        _length += written;
    }

    /// <summary>A quoted hash: 16 hex digits.</summary>
    public void Hash(ulong value)
    {
        Reserve(18);
        _bytes[_length++] = (byte)'"';
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out int written, new StandardFormat('x', 16));
        _length += written;
        _bytes[_length++] = (byte)'"';
    }

    /// <summary>A quoted group view: <c>view.number</c>.</summary>
    public void GroupView(GroupViewId id)
    {
        Raw("\""u8);
        Number(id.View);
        Raw("."u8);
        Number(id.Number);
        Raw("\""u8);
    }

    /// <summary>A quoted message id: <c>node#incarnation:view:sequence</c>.</summary>
    public void Id(TraceText sender, long view, long sequence)
    {
        Raw("\""u8);
        Raw(sender.Utf8);
        Raw(":"u8);
        Number(view);
        Raw(":"u8);
        Number(sequence);
        Raw("\""u8);
    }

    /// <summary>Ends the line and hands it over in one piece.</summary>
    public void End(IBufferWriter<byte> output)
    {
        Raw("}\n"u8);
        output.Write(_bytes.AsSpan(0, _length));
    }

    private void Reserve(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
