using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>A report that the master has handled.</summary>
[GroupMessage("handled", Order = DeliveryOrder.Agreed)]
internal sealed record Handled(SwitchReport Report);

/// <summary>
/// Without protection: the master handles what switches report and then tells the store, which all replicas have. Replicas
/// ignore reports, for they are not in charge. The promoted one begins with what the store says.
/// </summary>
internal class Baseline(IControlRoom room) : Controller(room)
{
    protected NetworkState Network { get; } = new();

    protected TableWriter Writer { get; } = new(room);

    public override ulong Knows(int of) => Network.Seen(of);

    protected override void Configure(IGroupBuilder group) => group
        .Register<Handled>(OnHandledAsync)
        .RegisterState(Network.CaptureAsync, Network.RestoreAsync);

    public override async ValueTask OnReportAsync(SwitchReport report)
    {
        if (IsMaster)
            await HandleAsync(report);
        else
            Room.Note(Ignores(report));
    }

    protected virtual string Ignores(SwitchReport report) => "ignores it: not the master";

    protected async Task HandleAsync(SwitchReport report)
    {
        Network.Apply(report);
        if (report.IsHello)
            Writer.Forget(report.Switch); // whatever stands there is cleared
        Emit();
        await Group.SendAsync(new Handled(report));
    }

    protected virtual ValueTask OnHandledAsync(Handled handled, MessageContext context, CancellationToken ct)
    {
        if (context.Sender != Group.Self && !Network.Apply(handled.Report))
            Duplicates++;
        return default;
    }

    protected override ValueTask OnViewAsync(bool promoted)
    {
        if (!IsMaster)
            Writer.Stop();
        if (!promoted)
            return default;
        Writer.ForgetAll();
        Emit();
        return default;
    }

    protected void Emit() => Writer.Want(Routes.Compute(Network), generation: null);
}
