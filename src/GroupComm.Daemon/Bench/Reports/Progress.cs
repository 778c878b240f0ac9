using System;
using System.IO;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>What is under way: one line that is written over on a terminal, and a line each elsewhere.</summary>
internal sealed class Progress(TextWriter error, bool enabled) : IDisposable
{
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private int _width;

    public void Say(string text)
    {
        if (!enabled)
            return;
        if (!_terminal)
        {
            error.WriteLine(text);
            return;
        }
        error.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
    }

    public void Clear()
    {
        if (enabled && _terminal && _width > 0)
            error.Write($"\r{new string(' ', _width)}\r");
        _width = 0;
    }

    public void Dispose() => Clear();
}
