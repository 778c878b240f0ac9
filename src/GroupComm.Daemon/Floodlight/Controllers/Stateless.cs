using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// Stateless: the truth is in the switches. A report only says that something changed; the master then asks them all, with its
/// token, and replaces what is wrong. So does a new master. The group is there for the views and the token.
/// </summary>
internal sealed class Stateless(IControlRoom room) : Controller(room)
{
    private readonly ulong[] _knows = new ulong[Fabric.Switches];
    private bool _dirty;
    private bool _runs;

    public override ulong Knows(int of) => _knows[of];

    protected override void Configure(IGroupBuilder group)
    {
    }

    public override ValueTask OnReportAsync(SwitchReport report)
    {
        Look();
        return default;
    }

    protected override ValueTask OnViewAsync(bool promoted)
    {
        Look();
        return default;
    }

    private void Look()
    {
        _dirty = true;
        if (!_runs && IsMaster)
            _ = RepairAsync();
    }

    private async Task RepairAsync()
    {
        _runs = true;
        while (_dirty && IsMaster)
        {
            _dirty = false;
            FencingToken token = View!.Token;
            Survey survey = await Survey.OfAsync(Room, token);
            foreach (SwitchState? state in survey.States)
                if (state is not null)
                    _knows[state.Switch] = (2UL << state.Version) - 1;
            await survey.RepairAsync(Room, token);
        }
        _runs = false;
    }
}
