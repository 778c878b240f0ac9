using System;
using System.Diagnostics;
using System.Linq;
using GroupComm.Fuzz.Tests.Decoders;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>What is wrong with an input.</summary>
/// <param name="Kind"><c>crash</c>, <c>slow</c>, <c>memory</c> or, seen from outside, <c>death</c> and <c>hang</c>.</param>
/// <param name="Text">For people; the first line tells findings apart.</param>
internal sealed record Finding(string Kind, string Text);

/// <summary>Gives inputs to a decoder and holds it to what it states. One thread.</summary>
internal sealed class Trial(Decoder decoder)
{
    /// <summary>Figure R6: an input that takes longer is a hang.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(100);

    public long Executions { get; private set; }

    public long Accepted { get; private set; }

    public TimeSpan Slowest { get; private set; }

    /// <summary>The largest part of its bound that an input took.</summary>
    public double LargestPart { get; private set; }

    /// <summary>Null: all is well.</summary>
    public Finding? Run(ReadOnlySpan<byte> input)
    {
        Executions++;
        try
        {
            bool read = Measured(input, out long allocated, out TimeSpan time);
            Accepted += read ? 1 : 0;
            decoder.Judge();
            long bound = decoder.Bound(input.Length);
            // A first use loads texts and code, and the machine may be busy: what repeats is the input's.
            for (int again = 0; again < 4 && (allocated > bound || time > s_limit); again++)
            {
                Measured(input, out long nextAllocated, out TimeSpan nextTime);
                decoder.Judge();
                (allocated, time) = (Math.Min(allocated, nextAllocated), time < nextTime ? time : nextTime);
            }
            Slowest = time > Slowest ? time : Slowest;
            LargestPart = Math.Max(LargestPart, (double)allocated / bound);
            return allocated > bound ? new Finding("memory", $"more than the bound\n{allocated} bytes for {input.Length}; the bound is {bound}")
                : time > s_limit ? new Finding("slow", $"more than {s_limit.TotalMilliseconds} ms\n{time.TotalMilliseconds:0} ms for {input.Length} bytes") : null;
        }
        catch (Exception error)
        {
            string place = string.Join(" < ", (error.StackTrace ?? "").Split('\n').Select(line => line.Split(" in ")[0].Trim()).Take(3));
            return new Finding("crash", $"{error.GetType().Name} {place}\n{error}");
        }
    }

    private bool Measured(ReadOnlySpan<byte> input, out long allocated, out TimeSpan time)
    {
        long began = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
        bool read = decoder.Decode(input);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        time = Stopwatch.GetElapsedTime(began);
        return read;
    }
}
