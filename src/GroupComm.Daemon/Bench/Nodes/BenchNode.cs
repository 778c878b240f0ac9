using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A node that is measured, as an application uses it: public API, raw payloads, one handler per member.</summary>
internal sealed partial class BenchNode(IBenchPort port, BenchNodePlan plan)
{
    private readonly List<IGroup> _groups = [];
    private readonly List<Burst> _bursts = [];
    private readonly InFlight _inFlight = new(plan.InFlight);
    private readonly LatencyProbe _probe = new();
    private UsageMeter _meter = UsageMeter.Begin();
    private int _open;
    private bool _probing;
    private bool _echoes;
    private SteadySender? _steady;
    private Flow? _flow;

    public async Task RunAsync(Func<IBenchPort, BenchNodePlan, Task<IGroupCommNode>> start)
    {
        IGroupCommNode node = await start(port, plan).ConfigureAwait(false);
        using WireMeter wire = new(plan.Cluster, plan.Name);
        KeyBench keys = new(port, node, plan.Order);
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
                    wire.Begin();
                    _meter = UsageMeter.Begin();
                    port.Say("ready");
                    break;
                case ["send", var size, var milliseconds]:
                    await SendAsync(node, Number(size), Number(milliseconds)).ConfigureAwait(false);
                    break;
                case ["wire", _]:
                    port.Say("wire", Text(wire.Bytes()));
                    break;
                case ["usage", _]:
                    port.Say(["usage", .. _meter.Report(), Text(wire.Bytes())]);
                    break;
                case ["probe", var echo]:
                    (_probing, _echoes) = (true, echo == "echo");
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
                case ["flow", var size]:
                    _flow = new Flow(_groups[0], plan.Order, Number(size));
                    port.Say("flows");
                    break;
                case ["ebb", _]:
                    await _flow!.StopAsync().ConfigureAwait(false);
                    port.Say("ebbed");
                    break;
                case ["sample", var milliseconds]:
                    (long before, long began) = (Delivered(), Stopwatch.GetTimestamp());
                    await Task.Delay(Number(milliseconds)).ConfigureAwait(false);
                    port.Say("sampled", Text(Delivered() - before), Milliseconds(Stopwatch.GetElapsedTime(began)));
                    break;
                case ["give", var size]:
                    await StateBench.GiveAsync(node, long.Parse(size, CultureInfo.InvariantCulture)).ConfigureAwait(false);
                    port.Say("gives");
                    break;
                case ["take", _]:
                    port.Say(await StateBench.TakeAsync(node, Delivered).ConfigureAwait(false));
                    break;
                case ["heap", var groups]:
                    port.Say(await EmptyGroups.JoinAsync(node, Number(groups)).ConfigureAwait(false));
                    break;
                case ["keys", var count, var work]:
                    await keys.JoinAsync(Number(count), Number(work)).ConfigureAwait(false);
                    break;
                case ["keyed", var which]:
                    keys.Begin(which);
                    break;
                case ["work", var which, var milliseconds, var size, var most]:
                    await keys.SendAsync(which, Number(milliseconds), Number(size), Number(most)).ConfigureAwait(false);
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
                Probed(payload, own);
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

    private long Delivered() => _bursts.Sum(burst => burst.Count);

    private async Task TellViewsAsync(IGroupCommNode node)
    {
        await foreach (View view in node.ReadViewsAsync().ConfigureAwait(false))
            port.Say("view", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture), view.Members.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Rank(IGroupCommNode node)
    {
        foreach (ViewMember member in node.View!.Members)
            if (member.Id == node.Id)
                return member.Rank;
        return -1;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What a bench node is told at its start; without a directory of certificates its links are plain.</summary>
// Silence: seconds until a node is suspected. A busy machine may stop a process for a while, which is no crash; a killed one is noticed at once.
internal sealed record BenchNodePlan(string Name, string Cluster, int Expected, DeliveryOrder Order, int InFlight, int Groups, string? Certificates, int Silence = 10);
