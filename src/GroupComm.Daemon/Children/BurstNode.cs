using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Children;

/// <summary>
/// One node of the throughput burst: sends agreed messages of one size through the public API for a while, as fast as it is
/// admitted, and measures and hashes what its handler is given. Not traced.
/// </summary>
internal sealed class BurstNode(string name, string cluster, int expected)
{
    private readonly Control _control = new();
    private int _ends;
    private long _count;
    private long _first;
    private ulong _hash;

    public Task<int> RunAsync() => ChildStart.GuardAsync(_control, async () =>
    {
        IGroupCommNode node = await ChildStart.NodeAsync(_control, name, cluster, expected, trace: null).ConfigureAwait(false);
        await node.WaitForPrimaryAsync().ConfigureAwait(false);
        IGroup group = await node.JoinAsync("burst", g => g
            .RegisterBytes((payload, _, _) =>
            {
                if (_count++ == 0)
                    _first = Stopwatch.GetTimestamp();
                _hash = (BitOperations.RotateLeft(_hash, 5) ^ DeliveryDigest.HashOf(payload)) * 0x9E3779B97F4A7C15;
                return ValueTask.CompletedTask;
            })
            .Register<DemoEnd>((_, _, _) =>
            {
                End();
                return ValueTask.CompletedTask;
            })).ConfigureAwait(false);
        _control.Say("joined", group.Self.ToString());
        while (await _control.NextAsync().ConfigureAwait(false) is ["burst", var size, var milliseconds])
            await SendAsync(group, int.Parse(size, CultureInfo.InvariantCulture), int.Parse(milliseconds, CultureInfo.InvariantCulture)).ConfigureAwait(false);
        await node.LeaveAsync().ConfigureAwait(false);
    });

    /// <summary>The last of the end marks closes the burst; the next one may begin before this node is told so.</summary>
    private void End()
    {
        if (++_ends < expected)
            return;
        double milliseconds = Stopwatch.GetElapsedTime(_first).TotalMilliseconds;
        _control.Say("burst", _count.ToString(CultureInfo.InvariantCulture), milliseconds.ToString("0.###", CultureInfo.InvariantCulture), _hash.ToString("x16", CultureInfo.InvariantCulture));
        (_ends, _count, _hash) = (0, 0, 0);
    }

    private async Task SendAsync(IGroup group, int size, int milliseconds)
    {
        byte[] payload = new byte[size];
        new Random(name[^1]).NextBytes(payload);
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * milliseconds / 1000);
        long number = 0;
        do
        {
            // One look at the clock for many messages.
            for (int i = 0; i < 64; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload, ++number);
                ValueTask<SendReceipt> sent = group.SendBytesAsync(payload, DeliveryOrder.Agreed);
                if (sent.IsCompletedSuccessfully)
                    _ = sent.Result;
                else
                    await sent.ConfigureAwait(false);
            }
        }
        while (Stopwatch.GetTimestamp() < until);
        await group.SendAsync(new DemoEnd(name), DeliveryOrder.Agreed).ConfigureAwait(false);
    }
}
