using System;
using System.IO;

namespace GroupComm.Runtime.Tracing;

/// <summary>
/// A trace file as whole lines: a torn last line, which a kill or a full disk leaves, is cut off before anything is added, and a
/// write that failed leaves nothing of itself. Decision 0036.
/// </summary>
internal sealed class TraceFile : IDisposable
{
    // What is given back to a full disk so that the last line finds room: more than a block of any usual file system, and a turn.
    private const int GivenBack = 16 << 10;

    private readonly FileStream _file;
    private long _length;

    public TraceFile(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path, options);
        try
        {
            _length = _file.CanSeek ? EndOfLine(_file.Length) : 0;
            if (_file.CanSeek && _length < _file.Length)
                _file.SetLength(_length);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>One write. When it throws, the file ends as before, as far as the disk lets it.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        RandomAccess.Write(_file.SafeFileHandle, lines, _length);
        _length += lines.Length;
    }

    /// <summary>Ends the file with such a line, for which older lines go if there is no room otherwise.</summary>
    /// <returns>Whether the line stands there.</returns>
    public bool End(ReadOnlySpan<byte> line)
    {
        using (_file)
            return _file.CanSeek && (TryEnd(_length, line) || TryEnd(EndOfLine(Math.Max(0, _length - GivenBack)), line));
    }

    public void Dispose() => _file.Dispose();

    private bool TryEnd(long length, ReadOnlySpan<byte> line)
    {
        try
        {
            _length = length;
            _file.SetLength(length);
            Append(line);
            return true;
        }
        catch (IOException)
        {
            // What was written of the line is torn, which readers pass over at the end of a file.
            return false;
        }
    }

    /// <summary>Where the last whole line before <paramref name="end"/> ends.</summary>
    private long EndOfLine(long end)
    {
        Span<byte> block = stackalloc byte[4096];
        while (end > 0)
        {
            long from = Math.Max(0, end - block.Length);
            Span<byte> part = block[..(int)(end - from)];
            int read = RandomAccess.Read(_file.SafeFileHandle, part, from);
            int at = part[..read].LastIndexOf((byte)'\n');
            if (at >= 0)
                return from + at + 1;
            end = from;
        }
        return 0;
    }
}
