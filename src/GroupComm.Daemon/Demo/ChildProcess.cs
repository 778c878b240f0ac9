using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Demo;

/// <summary>Something that a child reported; no fields: it ended.</summary>
internal readonly record struct Report(ChildProcess From, string[] Fields);

/// <summary>A child and its pipes. Reports of all children meet in one channel, read by one flow of control.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int KeptLines = 400;

    private readonly Process _process;
    private readonly Queue<string> _log = new();
    private readonly Lock _lock = new();

    public ChildProcess(string name, ProcessStartInfo start, ChannelWriter<Report> reports)
    {
        Name = name;
        _process = Process.Start(start) ?? throw new InvalidOperationException("the process did not start");
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _ = ReadAsync(reports);
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool Ended { get; private set; }

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The last lines of its log.</summary>
    public string Log
    {
        get
        {
            lock (_lock)
                return string.Join(Environment.NewLine, _log);
        }
    }

    public void Tell(params ReadOnlySpan<string> fields)
    {
        try
        {
            _process.StandardInput.Write(string.Join('\t', fields!) + "\n");
            _process.StandardInput.Flush();
        }
        catch (Exception e) when (e is System.IO.IOException or InvalidOperationException)
        {
            // It has ended; the reader of its output tells.
        }
    }

    /// <summary>Closes its input and gives it a moment to end by itself.</summary>
    public void CloseInput()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(3000);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit(2000);
        _process.Dispose();
    }

    private async Task ReadAsync(ChannelWriter<Report> reports)
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            reports.TryWrite(new Report(this, line.Split('\t')));
        Ended = true;
        reports.TryWrite(new Report(this, []));
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _log.Enqueue(line);
            if (_log.Count > KeptLines)
                _log.Dequeue();
        }
    }
}
