using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>What the switches themselves say, asked all at once, and what it follows that their tables should be.</summary>
internal sealed class Survey
{
    private readonly SwitchState?[] _states;

    private Survey(SwitchState?[] states) => _states = states;

    public IReadOnlyList<SwitchState?> States => _states;

    public static async Task<Survey> OfAsync(IControlRoom room, FencingToken? generation) =>
        new(await Task.WhenAll(Enumerable.Range(0, Fabric.Switches).Select(s => room.AskAsync(s, generation))));

    /// <summary>Replaces every table that is not what it should be.</summary>
    public async Task RepairAsync(IControlRoom room, FencingToken? generation)
    {
        byte[][] tables = Routes.Compute(IsUp);
        foreach (SwitchState? state in _states)
            if (state is not null && !tables[state.Switch].AsSpan().SequenceEqual(state.Table))
                await room.WriteAsync(state.Switch, tables[state.Switch], generation);
    }

    private bool IsUp(int of, int port)
    {
        int peer = Fabric.Peer(of, port);
        return Says(of, port) && (peer < 0 || Says(peer, Fabric.PortTo(peer, of)));
    }

    private bool Says(int of, int port) => _states[of] is { } state && ((state.Up >> port) & 1) != 0;
}
