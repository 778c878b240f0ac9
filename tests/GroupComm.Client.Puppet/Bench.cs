using System;
using System.Diagnostics;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace GroupComm.Client.Puppet;

/// <summary>Messages a second, and how long each takes from the send to its delivery.</summary>
internal static class Bench
{
    public static async Task<JsonObject> RunAsync(IGroup group, int messages, int size, int inFlight, DeliveryOrder order)
    {
        byte[] payload = new byte[size];
        Array.Fill(payload, (byte)'x');
        int share = messages / inFlight;
        long[] took = new long[share * inFlight];
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(lane => Task.Run(() => LaneAsync(lane))));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Array.Sort(took);
        return new JsonObject { ["messages"] = took.Length, ["seconds"] = seconds, ["p50"] = Micros(took[took.Length / 2]), ["p99"] = Micros(took[(int)(took.Length * 0.99)]) };

        async Task LaneAsync(int lane)
        {
            for (int i = lane * share; i < (lane + 1) * share; i++)
            {
                long sent = Stopwatch.GetTimestamp();
                SendReceipt receipt = await group.SendBytesAsync(payload, order).ConfigureAwait(false);
                await receipt.Delivered.ConfigureAwait(false);
                took[i] = Stopwatch.GetTimestamp() - sent;
            }
        }
    }

    private static double Micros(long ticks) => Math.Round(ticks * 1e6 / Stopwatch.Frequency, 1);
}
