using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>What a controller believes of the network, and by which reports.</summary>
internal sealed class NetworkState
{
    private readonly int[,] _versions = new int[Fabric.Switches, Fabric.MaxPorts];
    private readonly int[] _up = new int[Fabric.Switches];
    private readonly bool[] _connected = new bool[Fabric.Switches];
    private readonly ulong[] _seen = new ulong[Fabric.Switches];

    public bool IsConnected(int of) => _connected[of];

    /// <summary>Both ends say so.</summary>
    public bool IsUp(int of, int port)
    {
        int peer = Fabric.Peer(of, port);
        return _connected[of] && ((_up[of] >> port) & 1) != 0
            && (peer < 0 || (_connected[peer] && ((_up[peer] >> Fabric.PortTo(peer, of)) & 1) != 0));
    }

    public ulong Seen(int of) => _seen[of];

    public bool HasSeen(SwitchReport report) => ((_seen[report.Switch] >> report.Version) & 1) != 0 && !(report.IsHello && !_connected[report.Switch]);

    /// <summary>False: it was known already. Of two reports of a port the later one counts, in whatever order they come.</summary>
    public bool Apply(SwitchReport report)
    {
        if (HasSeen(report))
            return false;
        for (int port = 0; port < Fabric.Ports(report.Switch); port++)
            if ((report.IsHello || port == report.Port) && report.Version >= _versions[report.Switch, port])
            {
                _versions[report.Switch, port] = report.Version;
                _up[report.Switch] = (_up[report.Switch] & ~(1 << port)) | (report.Up & (1 << port));
            }
        _connected[report.Switch] |= report.IsHello;
        _seen[report.Switch] |= report.IsHello ? (2UL << report.Version) - 1 : 1UL << report.Version;
        return true;
    }

    public NetworkState Copy()
    {
        var copy = new NetworkState();
        Array.Copy(_versions, copy._versions, _versions.Length);
        _up.CopyTo(copy._up, 0);
        _connected.CopyTo(copy._connected, 0);
        _seen.CopyTo(copy._seen, 0);
        return copy;
    }

    public Task CaptureAsync(Stream to, CancellationToken ct)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        for (int s = 0; s < Fabric.Switches; s++)
        {
            writer.Write(_connected[s]);
            writer.Write(_up[s]);
            writer.Write(_seen[s]);
            for (int port = 0; port < Fabric.MaxPorts; port++)
                writer.Write(_versions[s, port]);
        }
        return Task.CompletedTask;
    }

    public Task RestoreAsync(Stream from, CancellationToken ct)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        for (int s = 0; s < Fabric.Switches; s++)
        {
            (_connected[s], _up[s], _seen[s]) = (reader.ReadBoolean(), reader.ReadInt32(), reader.ReadUInt64());
            for (int port = 0; port < Fabric.MaxPorts; port++)
                _versions[s, port] = reader.ReadInt32();
        }
        return Task.CompletedTask;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (int s = 0; s < Fabric.Switches; s++)
            text.Append(CultureInfo.InvariantCulture, $"{(_connected[s] ? "" : "-")}{_up[s]:x}/{_seen[s]:x} ");
        return text.ToString();
    }
}
