using System;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>Brings tables to the switches, one after the other, those that differ from what was sent last.</summary>
internal sealed class TableWriter(IControlRoom room)
{
    private readonly byte[]?[] _wanted = new byte[]?[Fabric.Switches];
    private readonly byte[]?[] _sent = new byte[]?[Fabric.Switches];
    private FencingToken? _generation;
    private bool _runs;

    /// <summary>What should stand where; null: nothing for that switch.</summary>
    public void Want(byte[]?[] tables, FencingToken? generation)
    {
        Array.Copy(tables, _wanted, tables.Length);
        _generation = generation;
        if (!_runs)
            _ = RunAsync();
    }

    /// <summary>Nobody knows what stands in that switch.</summary>
    public void Forget(int of) => _sent[of] = null;

    public void ForgetAll() => Array.Clear(_sent);

    /// <summary>It is no longer this controller's business.</summary>
    public void Stop() => Array.Clear(_wanted);

    private async Task RunAsync()
    {
        _runs = true;
        for (int next = Next(); next >= 0; next = Next())
        {
            (byte[] table, FencingToken? generation) = (_wanted[next]!, _generation);
            _sent[next] = table;
            await room.WriteAsync(next, table, generation);
        }
        _runs = false;
    }

    private int Next()
    {
        for (int s = 0; s < Fabric.Switches; s++)
            if (_wanted[s] is { } wanted && (_sent[s] is not { } sent || !wanted.AsSpan().SequenceEqual(sent)))
                return s;
        return -1;
    }
}
