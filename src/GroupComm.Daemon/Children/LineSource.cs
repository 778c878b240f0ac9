using System;
using System.IO;

namespace GroupComm.Daemon.Children;

/// <summary>
/// Lines of a file or of the data file inside the executable, as bytes without their ends, over and over. Streams: memory
/// is that of the longest line. A line stays valid until the next call.
/// </summary>
internal sealed class LineSource(string? path) : IDisposable
{
    /// <summary>The data file's name, for people.</summary>
    public const string DefaultName = "countries.txt";

    private byte[] _buffer = new byte[64 << 10];
    private Stream? _stream;
    private int _start;
    private int _end;
    private bool _last;

    public static Stream Open(string? path) => path is null
        ? typeof(LineSource).Assembly.GetManifestResourceStream($"GroupComm.Daemon.Data.{DefaultName}")!
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>The next line; after the last one comes the first.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        ReadOnlyMemory<byte> line;
        while (!TryNext(out line))
        {
            // The end: begin anew.
        }
        return line;
    }

    /// <summary>The next line, or false once at the end of the file.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> line)
    {
        _stream ??= Begin();
        int searched = _start;
        while (true)
        {
            int end = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (end >= 0 || (_last && _end > _start))
            {
                end = end >= 0 ? searched + end : _end;
                int length = end - _start;
                if (length > 0 && _buffer[end - 1] == '\r')
                    length--;
                line = _buffer.AsMemory(_start, length);
                _start = Math.Min(end + 1, _end);
                return true;
            }
            if (_last)
            {
                _stream.Dispose();
                _stream = null;
                line = default;
                return false;
            }
            searched = Fill();
        }
    }

    public void Dispose() => _stream?.Dispose();

    private Stream Begin()
    {
        (_start, _end, _last) = (0, 0, false);
        return Open(path);
    }

    /// <summary>Reads more behind what is left; answers where it begins.</summary>
    private int Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int from = _end;
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        int got = _stream!.Read(_buffer, _end, _buffer.Length - _end);
        _end += got;
        _last = got == 0;
        return from;
    }
}
