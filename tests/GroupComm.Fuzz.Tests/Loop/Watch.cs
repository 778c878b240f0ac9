using System;
using System.Diagnostics;
using System.Threading;
using GroupComm.Fuzz.Tests.Decoders;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>Runs searches in processes of their own and takes note when one dies, or when one input keeps it from going on.</summary>
internal sealed class Watch(Programs programs, string root)
{
    /// <summary>Of the time, searched on instrumented code; the rest on the code as it ships.</summary>
    private const double Guided = 0.25;

    /// <summary>Of processor time on one input.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(10);

    /// <summary>Searches a decoder for that long; goes on after a death, at most so often.</summary>
    public void Run(Decoder decoder, TimeSpan time, int mostDeaths = 20)
    {
        SearchFolder folder = new(root, decoder.Name);
        using Mailbox mailbox = new(folder.Mailbox, decoder.MaxLength);
        Run(decoder, folder, mailbox, time * Guided, guided: true, mostDeaths);
        Run(decoder, folder, mailbox, time * (1 - Guided), guided: false, mostDeaths);
    }

    /// <summary>Writes into the repository what is worth keeping.</summary>
    public void Keep(Decoder decoder)
    {
        using Process process = Start(decoder, TimeSpan.Zero, guided: true, "--keep");
        process.WaitForExit();
    }

    private void Run(Decoder decoder, SearchFolder folder, Mailbox mailbox, TimeSpan time, bool guided, int mostDeaths)
    {
        var clock = Stopwatch.StartNew();
        for (int deaths = 0; deaths < mostDeaths && clock.Elapsed < time;)
            if (Once(decoder, folder, mailbox, time - clock.Elapsed, guided) is { } finding)
            {
                deaths++;
                folder.Save(finding, mailbox.Input);
                Console.WriteLine($"{decoder.Name}: {finding.Kind}: {finding.Text}");
            }
    }

    private Process Start(Decoder decoder, TimeSpan time, bool guided, params string[] more) => Process.Start(new ProcessStartInfo("dotnet",
        [guided ? programs.Instrumented : programs.Plain, "fuzz", "--child", decoder.Name, "--seconds", ((int)time.TotalSeconds + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--folder", root, .. guided ? ["--guided"] : Array.Empty<string>(), .. more]))!;

    private Finding? Once(Decoder decoder, SearchFolder folder, Mailbox mailbox, TimeSpan time, bool guided)
    {
        using Process process = Start(decoder, time, guided);
        try
        {
            long first = mailbox.Count;
            (long Count, TimeSpan Used) at = (first, Used(process));
            while (!process.WaitForExit(500))
            {
                if (mailbox.Count != at.Count)
                    at = (mailbox.Count, Used(process));
                else if (Used(process) - at.Used > s_hang)
                    return new Finding("hang", $"no end after {s_hang.TotalSeconds} s");
            }
            if (process.ExitCode != 0 && mailbox.Count == first)
                throw new InvalidOperationException($"the search of {decoder.Name} ends with {process.ExitCode} before it tries anything");
            return process.ExitCode == 0 ? null : new Finding("death", $"the process ended with {process.ExitCode}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>Processor time; 0 of a process that has just ended.</summary>
    private static TimeSpan Used(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }
}
