using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

// What a bench node sends: as much as is admitted, or one message at a time.
internal sealed partial class BenchNode
{
    private const int Echo = sizeof(long), ProbeSize = Echo + 1; // the sender's clock, and whether it is an answer

    private async Task SendAsync(IGroupCommNode node, int size, int milliseconds)
    {
        byte[] payload = new byte[size];
        new Random(node.Id.Name[^1]).NextBytes(payload);
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * milliseconds / 1000);
        int batch = Math.Clamp((64 << 10) / size, 1, 64); // one look at the clock for many messages
        long number = 0;
        int at = 0;
        do
        {
            for (int i = 0; i < batch; i++)
            {
                await _inFlight.EnterAsync().ConfigureAwait(false);
                BinaryPrimitives.WriteInt64LittleEndian(payload, ++number);
                at = at + 1 == _groups.Count ? 0 : at + 1;
                ValueTask<SendReceipt> sent = _groups[at].SendBytesAsync(payload, plan.Order);
                if (sent.IsCompletedSuccessfully)
                    _ = sent.Result;
                else
                    await sent.ConfigureAwait(false);
            }
        }
        while (Stopwatch.GetTimestamp() < until);
        foreach (IGroup group in _groups)
            await group.SendBytesAsync(new byte[1], plan.Order).ConfigureAwait(false);
    }

    /// <summary>One message in flight: the next goes out when the own handler was given the last; with fifo and causal, where that
    /// is at once, when one peer has answered.</summary>
    private async Task PingAsync(int size, int count)
    {
        byte[] payload = new byte[Math.Max(size, ProbeSize)];
        for (int i = 0; i < count; i++)
        {
            Task back = _probe.Expect(ofPeer: plan.Order < DeliveryOrder.Agreed);
            BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
            await _groups[0].SendBytesAsync(payload, plan.Order).ConfigureAwait(false);
            await back.ConfigureAwait(false);
        }
        port.Say("pinged");
    }

    private void Probed(in ReadOnlySequence<byte> payload, bool own)
    {
        bool answer = payload.Length >= ProbeSize && payload.Slice(Echo).FirstSpan[0] != 0;
        if (answer)
        {
            if (!own)
                _probe.Answered();
            return;
        }
        _probe.Delivered(payload, own);
        if (own || !_echoes)
            return;
        byte[] echo = payload.ToArray();
        echo[Echo] = 1;
        _ = _groups[0].SendBytesAsync(echo, plan.Order).AsTask();
    }
}
