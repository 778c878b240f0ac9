using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// Join, register, send. Every replica keeps what it hears. The master multicasts it, once, in causal order: reports of different
/// ports commute, and may be delivered in any order. A view says who acts now; and because all who come into it have delivered
/// the same, what the new master has heard and nobody has delivered is exactly what it must still send. The token fences.
/// </summary>
internal sealed class VirtualSynchrony(IControlRoom room) : Controller(room)
{
    private readonly NetworkState _network = new();
    private readonly TableWriter _writer = new(room);
    private readonly List<SwitchReport> _heard = [];

    public override ulong Knows(int of) => _network.Seen(of);

    public override string Digest() => _network.ToString();

    protected override void Configure(IGroupBuilder group) => group
        .Register<SwitchReport>(DeliverAsync)
        .RegisterState(_network.CaptureAsync, _network.RestoreAsync);

    public override async ValueTask OnReportAsync(SwitchReport report)
    {
        if (_network.HasSeen(report))
            return;
        if (!_heard.Contains(report))
            _heard.Add(report);
        if (IsMaster)
            await Group.SendAsync(report, DeliveryOrder.Causal);
        else
            Room.Note("keeps it until it is delivered");
    }

    private ValueTask DeliverAsync(SwitchReport report, MessageContext context, CancellationToken ct)
    {
        _heard.Remove(report);
        if (!_network.Apply(report))
        {
            Duplicates++;
            return default;
        }
        if (report.IsHello)
            _writer.Forget(report.Switch);
        Act();
        return default;
    }

    protected override async ValueTask OnViewAsync(bool promoted)
    {
        if (!IsMaster)
        {
            _writer.Stop();
            return;
        }
        if (promoted)
            _writer.ForgetAll();
        Act();
        _heard.RemoveAll(_network.HasSeen);
        SwitchReport[] unsent = promoted ? [.. _heard] : [];
        foreach (SwitchReport report in unsent)
            await Group.SendAsync(report, DeliveryOrder.Causal);
    }

    private void Act()
    {
        if (IsMaster)
            _writer.Want(Routes.Compute(_network), View!.Token);
    }
}
