using System;
using System.Diagnostics;
using System.IO;

namespace GroupComm.Daemon.Demo;

/// <summary>What is said while the demo runs: lines with their time, and on a terminal one line of progress below them.</summary>
internal sealed class Playbill(TextWriter output, bool silent)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly bool _live = !silent && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _last;
    private int _tenths;
    private bool _shown;

    /// <summary>Something happened, now.</summary>
    public void Line(string text) => Plain(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(_began).TotalSeconds,8:0.000} s  {text}"));

    public void Plain(string text = "")
    {
        if (silent)
            return;
        Clear();
        output.WriteLine(text);
    }

    public void Progress(long sent, long delivered, long total)
    {
        if (_live && Stopwatch.GetElapsedTime(_last) >= Between)
        {
            _last = Stopwatch.GetTimestamp();
            _shown = true;
            output.Write(FormattableString.Invariant($"\r\x1b[K            {100.0 * sent / total,3:0} %: {sent:N0} sent, {delivered:N0} delivered"));
        }
        int tenths = (int)Math.Min(10, 10 * sent / total);
        if (_live || tenths < _tenths + 2)
            return;
        _tenths = tenths;
        Line(FormattableString.Invariant($"{tenths * 10} %: {sent:N0} sent, {delivered:N0} delivered"));
    }

    private void Clear()
    {
        if (_shown)
            output.Write("\r\x1b[K");
        _shown = false;
    }
}
