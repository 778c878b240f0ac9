using System;
using System.Linq;
using System.Numerics;

namespace GroupComm.Daemon.Floodlight.World;

/// <summary>A switch: forwards by its table, and obeys whoever may command it. Of commands with a generation it refuses those of
/// an older one than it has seen, as OpenFlow's generation_id; commands without one are always obeyed.</summary>
internal sealed class Switch(int number)
{
    /// <summary>No entry: packets for that host are dropped.</summary>
    public const byte Drop = 255;

    private FencingToken? _generation;
    private int _tenure;

    public int Number => number;

    public bool Powered { get; set; } = true;

    public int Version { get; set; }

    /// <summary>Bit by port.</summary>
    public int Up { get; set; }

    /// <summary>The port by the destination's switch.</summary>
    public byte[] Table { get; private set; } = NoEntries();

    /// <summary>Commands obeyed although a later master had commanded before.</summary>
    public int StaleCommands { get; private set; }

    public static byte[] NoEntries() => [.. Enumerable.Repeat(Drop, Fabric.Switches)];

    public bool IsUp(int port) => ((Up >> port) & 1) != 0;

    /// <summary>What nobody commanded: entries of an earlier life.</summary>
    public void Keep(byte[] table) => Table = table;

    /// <summary>Whether it obeys this master; from then on it obeys none before.</summary>
    public bool Admit(FencingToken? generation)
    {
        if (generation is not { } claimed)
            return true;
        if (_generation is { } seen && claimed < seen)
            return false;
        _generation = claimed;
        return true;
    }

    /// <param name="table">The whole new table.</param>
    /// <param name="generation">Of the sender; null: it has none.</param>
    /// <param name="tenure">Which mastership commands, counted by the judge; unknown to the switch.</param>
    public bool Obey(byte[] table, FencingToken? generation, int tenure)
    {
        if (!Admit(generation))
            return false;
        StaleCommands += tenure < _tenure ? 1 : 0;
        _tenure = Math.Max(_tenure, tenure);
        Table = table;
        return true;
    }

    /// <summary>How many of its changes somebody does not know who knows these, bit by version.</summary>
    public int Unknown(ulong known) => Version == 0 ? 0 : BitOperations.PopCount(((2UL << Version) - 2) & ~known);

    public SwitchState Tell() => new(number, Version, Up, [.. Table]);
}
