using System.Globalization;

namespace GroupComm.Daemon.Floodlight.World;

/// <summary>
/// What a switch says of itself. It counts its own changes, so that of two reports the later one can be told.
/// </summary>
/// <param name="Switch">Which switch.</param>
/// <param name="Version">Its count of changes.</param>
/// <param name="Port">The port that changed; -1: it has just connected, and tells all of its ports.</param>
/// <param name="Up">Bit by port: is it up. Of one port: that bit alone counts.</param>
[GroupMessage("switch-report")]
internal sealed record SwitchReport(int Switch, int Version, int Port, int Up)
{
    public static SwitchReport Hello(Switch from) => new(from.Number, from.Version, -1, from.Up);

    public bool IsHello => Port < 0;

    public bool IsUp(int port) => ((Up >> port) & 1) != 0;

    public override string ToString() => IsHello
        ? string.Create(CultureInfo.InvariantCulture, $"s{Switch} connects")
        : string.Create(CultureInfo.InvariantCulture, $"s{Switch} port to {(Port == Fabric.HostPort ? "its host" : $"s{Fabric.Peer(Switch, Port)}")} {(IsUp(Port) ? "up" : "down")}");
}

/// <summary>The answer of a switch that is asked: all that it knows.</summary>
internal sealed record SwitchState(int Switch, int Version, int Up, byte[] Table);
