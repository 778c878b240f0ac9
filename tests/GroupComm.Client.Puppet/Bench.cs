using System;
using System.Diagnostics;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Client.Puppet;

/// <summary>Messages a second, and how long each takes from the send to its delivery.</summary>
internal static class Bench
{
    public static async Task<JsonObject> RunAsync(IGroup group, int messages, int size, int inFlight, DeliveryOrder order)
    {
        byte[] payload = new byte[size];
        Array.Fill(payload, (byte)'x');
        long[] took = new long[messages];
        long began = Stopwatch.GetTimestamp();
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(inFlight, messages)).Select(_ => Task.Run(LaneAsync)));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Array.Sort(took);
        return new JsonObject { ["seconds"] = seconds, ["p50"] = Micros(took[messages / 2]), ["p99"] = Micros(took[(int)(messages * 0.99)]) };

        async Task LaneAsync()
        {
            while (Interlocked.Increment(ref next) is var place && place < messages)
            {
                long sent = Stopwatch.GetTimestamp();
                SendReceipt receipt = await group.SendBytesAsync(payload, order).ConfigureAwait(false);
                await receipt.Delivered.ConfigureAwait(false);
                took[place] = Stopwatch.GetTimestamp() - sent;
            }
        }
    }

    private static double Micros(long ticks) => Math.Round(ticks * 1e6 / Stopwatch.Frequency, 1);
}
