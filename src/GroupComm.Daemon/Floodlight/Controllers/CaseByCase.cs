using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// The race was found and is repaired: a replica keeps what ports report until the master has told the store, in case it is
/// promoted. A switch that connects is another case, which nobody has met yet; so is a master that wakes.
/// </summary>
internal sealed class CaseByCase(IControlRoom room) : Baseline(room)
{
    private readonly List<SwitchReport> _kept = [];

    public override async ValueTask OnReportAsync(SwitchReport report)
    {
        if (!IsMaster && !report.IsHello && !Network.HasSeen(report) && !_kept.Contains(report))
            _kept.Add(report);
        await base.OnReportAsync(report);
    }

    protected override string Ignores(SwitchReport report) => report.IsHello ? "ignores it: not the master" : "keeps it, in case it is promoted";

    protected override ValueTask OnHandledAsync(Handled handled, MessageContext context, CancellationToken ct)
    {
        _kept.Remove(handled.Report);
        return base.OnHandledAsync(handled, context, ct);
    }

    protected override async ValueTask OnViewAsync(bool promoted)
    {
        await base.OnViewAsync(promoted);
        if (!promoted)
            return;
        SwitchReport[] missed = [.. _kept];
        _kept.Clear();
        foreach (SwitchReport report in missed)
            await HandleAsync(report);
    }
}
