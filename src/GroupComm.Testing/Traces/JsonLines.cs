using System;
using System.IO;

namespace GroupComm.Testing.Traces;

/// <summary>Cuts a stream into lines without making strings. A line longer than <see cref="MaxLine"/> is an error of the file.</summary>
internal sealed class JsonLines(Stream stream, string file)
{
    /// <summary>The longest line: a view of thousands of members fits.</summary>
    public const int MaxLine = 16 << 20;

    private byte[] _buffer = new byte[stream.CanSeek ? Math.Clamp(stream.Length + 1, 1 << 10, 128 << 10) : 128 << 10];
    private int _start;
    private int _end;
    private int _scanned;

    /// <summary>The number of the line returned last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next line without its end. <paramref name="complete"/> is false for a last line that no newline ends.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool complete)
    {
        complete = true;
        while (true)
        {
            int at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = _buffer.AsSpan(_start, _scanned + at - _start);
                _start = _scanned = _scanned + at + 1;
                Line++;
                return true;
            }
            _scanned = _end;
            if (Fill())
                continue;
            line = _buffer.AsSpan(_start, _end - _start);
            _start = _scanned = _end;
            complete = false;
            if (line.IsEmpty)
                return false;
            Line++;
            return true;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLine)
                throw new TraceFormatException(file, Line + 1, "the line is longer than 16 MiB");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
