using System;
using System.IO;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Demo;

/// <summary>The file whose lines are sent, looked through once before anything starts.</summary>
internal sealed class InputFile : IDisposable
{
    private readonly string? _spool;

    public InputFile(string? wanted)
    {
        Path = wanted;
        Name = wanted is null ? LineSource.DefaultName : System.IO.Path.GetFileName(wanted);
        if (wanted == "-")
        {
            Name = "stdin";
            Path = _spool = System.IO.Path.GetTempFileName();
            using FileStream spool = File.Create(Path);
            using Stream stdin = Console.OpenStandardInput();
            stdin.CopyTo(spool);
        }
        else if (wanted is not null && !File.Exists(wanted))
            throw new UsageException($"--input '{wanted}' does not exist: name a text file, or '-' for stdin");
        Path = Path is null ? null : System.IO.Path.GetFullPath(Path);
        Look();
    }

    /// <summary>Null: the data file inside the executable.</summary>
    public string? Path { get; }

    public string Name { get; }

    public long Lines { get; private set; }

    public long Bytes { get; private set; }

    public void Dispose()
    {
        if (_spool is not null)
            File.Delete(_spool);
    }

    private void Look()
    {
        int most = new GroupCommOptions().MaxMessageSize;
        using var lines = new LineSource(Path);
        while (lines.TryNext(out ReadOnlyMemory<byte> line))
        {
            Lines++;
            Bytes += line.Length;
            if (line.Length > most)
                throw new UsageException(FormattableString.Invariant($"line {Lines} of {Name} has {line.Length} bytes, a message at most {most}: split it"));
        }
        if (Lines == 0)
            throw new UsageException($"{Name} has no lines: give --input a text file with at least one");
    }
}
