using System;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// Self-stabilising (E. W. Dijkstra, 1974): in every period the master reads the state of all links and puts shortest paths into
/// the tables. It listens to no report, remembers nothing, and needs no fence: from any state whatever, garbage in the tables
/// included, and whoever else wrote, the tables are right one period after the last change.
/// </summary>
internal sealed class SelfStabilising(IControlRoom room) : Controller(room)
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(25);

    private readonly ulong[] _knows = new ulong[Fabric.Switches];
    private bool _runs;

    public override ulong Knows(int of) => _knows[of];

    protected override void Configure(IGroupBuilder group)
    {
    }

    public override ValueTask OnReportAsync(SwitchReport report) => default;

    protected override ValueTask OnViewAsync(bool promoted)
    {
        if (promoted && !_runs)
            _ = RepeatAsync();
        return default;
    }

    private async Task RepeatAsync()
    {
        _runs = true;
        while (IsMaster)
        {
            Survey survey = await Survey.OfAsync(Room, generation: null);
            foreach (SwitchState? state in survey.States)
                if (state is not null)
                    _knows[state.Switch] = (2UL << state.Version) - 1;
            await survey.RepairAsync(Room, generation: null);
            await Room.WaitAsync(Period);
        }
        _runs = false;
    }
}
