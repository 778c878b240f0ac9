using System;
using System.IO;
using System.IO.MemoryMappedFiles;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>Where a searching process leaves the input that it is about to try, so that whoever watches it still has it when the process is gone.</summary>
internal sealed unsafe class Mailbox : IDisposable
{
    private const int Head = 16;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly int _size;

    public Mailbox(string path, int maxLength)
    {
        _size = maxLength;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Head + maxLength);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    /// <summary>How many inputs were put; grows as long as the process goes on.</summary>
    public long Count => *(long*)_bytes;

    public byte[] Input => new ReadOnlySpan<byte>(_bytes + Head, Math.Clamp(*(int*)(_bytes + 8), 0, _size)).ToArray();

    public void Put(ReadOnlySpan<byte> input)
    {
        input.CopyTo(new Span<byte>(_bytes + Head, _size));
        *(int*)(_bytes + 8) = input.Length;
        ++*(long*)_bytes;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
