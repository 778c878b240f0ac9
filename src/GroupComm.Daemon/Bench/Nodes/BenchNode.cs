using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A node that is measured, as an application uses it: public API, raw payloads, one handler per member.</summary>
internal sealed class BenchNode(IBenchPort port, BenchNodePlan plan)
{
    private readonly List<IGroup> _groups = [];
    private readonly List<Burst> _bursts = [];
    private readonly InFlight _inFlight = new(plan.InFlight);
    private readonly LatencyProbe _probe = new();
    private UsageMeter _meter = UsageMeter.Begin();
    private int _open;
    private bool _probing;
    private SteadySender? _steady;

    public async Task RunAsync(Func<IBenchPort, BenchNodePlan, Task<IGroupCommNode>> start)
    {
        IGroupCommNode node = await start(port, plan).ConfigureAwait(false);
        Task views = TellViewsAsync(node);
        await node.WaitForPrimaryAsync().ConfigureAwait(false);
        long joining = Stopwatch.GetTimestamp();
        for (int i = 0; i < plan.Groups; i++)
        {
            Burst burst = new(plan.Order >= DeliveryOrder.Agreed);
            _bursts.Add(burst);
            _groups.Add(await node.JoinAsync($"bench{i}", g => Register(g, node, burst)).ConfigureAwait(false));
        }
        port.Say("joined", Rank(node).ToString(CultureInfo.InvariantCulture), Milliseconds(Stopwatch.GetElapsedTime(joining)));
        while (await port.NextAsync().ConfigureAwait(false) is { } command)
        {
            switch (command)
            {
                case ["count", var senders]:
                    (_probing, _open) = (false, plan.Groups);
                    foreach (Burst burst in _bursts)
                        burst.Begin(Number(senders));
                    _meter = UsageMeter.Begin();
                    port.Say("ready");
                    break;
                case ["send", var size, var milliseconds]:
                    await SendAsync(node, Number(size), Number(milliseconds)).ConfigureAwait(false);
                    break;
                case ["probe", _]:
                    _probing = true;
                    _probe.Begin();
                    port.Say("ready");
                    break;
                case ["ping", var size, var count]:
                    await PingAsync(Number(size), Number(count)).ConfigureAwait(false);
                    break;
                case ["times", _]:
                    port.Say(_probe.Report());
                    break;
                case ["rank", _]:
                    port.Say("rank", Rank(node).ToString(CultureInfo.InvariantCulture));
                    break;
                case ["members", _]:
                    port.Say("members", node.View!.Members.Count.ToString(CultureInfo.InvariantCulture));
                    break;
                case ["steady", var size]:
                    _steady = new SteadySender(_groups[0], plan.Order, Number(size));
                    break;
                case ["calm", _]:
                    port.Say("stall", Milliseconds(await _steady!.StopAsync().ConfigureAwait(false)));
                    break;
                case ["give", var size]:
                    await StateBench.GiveAsync(node, long.Parse(size, CultureInfo.InvariantCulture)).ConfigureAwait(false);
                    port.Say("gives");
                    break;
                case ["take", _]:
                    port.Say(await StateBench.TakeAsync(node).ConfigureAwait(false));
                    break;
                case ["leave", _]:
                    port.Say("leaving", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
                    await node.LeaveAsync().ConfigureAwait(false);
                    await views.ConfigureAwait(false);
                    port.Say("left", "");
                    return;
                default:
                    throw new InvalidOperationException($"unknown command {string.Join(' ', command)}");
            }
        }
    }

    private void Register(IGroupBuilder g, IGroupCommNode node, Burst burst) => g
        .RegisterBytes((payload, context, _) =>
        {
            bool own = context.SenderNode == node.Id;
            if (_probing)
            {
                _probe.Delivered(payload, own);
                return ValueTask.CompletedTask;
            }
            // One byte says that its sender has sent all to this group; the last of them closes the burst.
            if (payload.Length == 1)
            {
                if (burst.End() && Interlocked.Decrement(ref _open) == 0)
                    port.Say(Burst.Report(_bursts, _meter));
                return ValueTask.CompletedTask;
            }
            if (own)
                _inFlight.Leave();
            burst.Add(payload);
            return ValueTask.CompletedTask;
        });

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

    /// <summary>One message in flight: the next goes out when the own handler was given the last.</summary>
    private async Task PingAsync(int size, int count)
    {
        byte[] payload = new byte[Math.Max(size, sizeof(long))];
        for (int i = 0; i < count; i++)
        {
            Task back = _probe.Expect();
            BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
            await _groups[0].SendBytesAsync(payload, plan.Order).ConfigureAwait(false);
            await back.ConfigureAwait(false);
        }
        port.Say("pinged");
    }

    private async Task TellViewsAsync(IGroupCommNode node)
    {
        await foreach (View view in node.ReadViewsAsync().ConfigureAwait(false))
            port.Say("view", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture), view.Members.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static int Rank(IGroupCommNode node)
    {
        foreach (ViewMember member in node.View!.Members)
            if (member.Id == node.Id)
                return member.Rank;
        return -1;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What a bench node is told at its start.</summary>
// Silence: seconds until a node is suspected. A busy machine may stop a process for a while, which is no crash; a killed one is noticed at once.
internal sealed record BenchNodePlan(string Name, string Cluster, int Expected, DeliveryOrder Order, int InFlight, int Groups, int Silence = 10);
