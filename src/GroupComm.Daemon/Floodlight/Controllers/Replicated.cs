using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// Replicated computation: whoever hears a report puts it into the agreed order; every replica executes the same reports in the
/// same order and computes the same tables. Replicas stay silent; the view's first member sends them to the switches, with the
/// view's token as generation.
/// </summary>
internal sealed class Replicated(IControlRoom room) : Controller(room)
{
    private readonly NetworkState _network = new();
    private readonly TableWriter _writer = new(room);
    private byte[]?[] _tables = new byte[]?[Fabric.Switches];

    public override ulong Knows(int of) => _network.Seen(of);

    public override string Digest() => _network.ToString();

    protected override void Configure(IGroupBuilder group) => group
        .Register<SwitchReport>(ExecuteAsync)
        .RegisterState(_network.CaptureAsync, _network.RestoreAsync);

    public override async ValueTask OnReportAsync(SwitchReport report)
    {
        if (!_network.HasSeen(report))
            await Group.SendAsync(report, DeliveryOrder.Agreed);
    }

    private ValueTask ExecuteAsync(SwitchReport report, MessageContext context, CancellationToken ct)
    {
        if (!_network.Apply(report))
        {
            Duplicates++;
            return default;
        }
        _tables = Routes.Compute(_network);
        if (report.IsHello)
            _writer.Forget(report.Switch);
        if (IsMaster)
            _writer.Want(_tables, View!.Token);
        return default;
    }

    protected override ValueTask OnViewAsync(bool promoted)
    {
        if (!IsMaster)
        {
            _writer.Stop();
            return default;
        }
        if (promoted)
        {
            _tables = Routes.Compute(_network);
            _writer.ForgetAll();
        }
        _writer.Want(_tables, View!.Token);
        return default;
    }
}
