using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>A table that a transaction puts into a switch; null: nothing stood there.</summary>
internal sealed record TableWrite(int Switch, byte[]? Table);

/// <summary>The outcome of a handler, and what it had read.</summary>
/// <param name="Id">Names it for an operator.</param>
/// <param name="Report">What it handled; null: an operator's change.</param>
/// <param name="Read">Versions of what it read: by switch its ports, then by switch its table; -1: not read.</param>
/// <param name="Tables">What it wrote.</param>
[GroupMessage("transaction", Order = DeliveryOrder.Safe)]
internal sealed record Transaction(string Id, SwitchReport? Report, int[] Read, TableWrite[] Tables)
{
    public override string ToString() => $"transaction {Id} ({Report?.ToString() ?? "by hand"})";
}

/// <summary>Ports and tables with versions: what transactions read and write. The same at every replica.</summary>
internal sealed class TransactionStore
{
    private const int KeptForRollBack = 8;

    private readonly int[] _versions = new int[2 * Fabric.Switches];
    private readonly Queue<(string Id, TableWrite[] Before)> _undo = new();

    public NetworkState Network { get; } = new();

    public byte[]?[] Tables { get; } = new byte[]?[Fabric.Switches];

    public IReadOnlyList<string> Committed => [.. _undo.Select(static each => each.Id)];

    public TableWrite[]? BeforeOf(string id) => _undo.FirstOrDefault(each => each.Id == id).Before;

    /// <summary>One that has read everything and writes nothing yet.</summary>
    public Transaction Begin(string id, SwitchReport? report) => new(id, report, [.. _versions], []);

    /// <summary>The handler of a report: on a copy of the ports, which it reads all; it writes the tables that become others.</summary>
    public Transaction Run(string id, SwitchReport report)
    {
        NetworkState after = Network.Copy();
        after.Apply(report);
        byte[]?[] tables = Routes.Compute(after);
        Transaction transaction = Begin(id, report);
        var writes = new List<TableWrite>();
        for (int s = 0; s < Fabric.Switches; s++)
        {
            bool same = tables[s] is null ? Tables[s] is null : Tables[s] is { } now && tables[s].AsSpan().SequenceEqual(now);
            if (same)
                transaction.Read[Fabric.Switches + s] = -1; // others may change it: this handler does not care
            else
                writes.Add(new TableWrite(s, tables[s]));
        }
        return transaction with { Tables = [.. writes] };
    }

    /// <summary>Nothing that it read has changed.</summary>
    public bool Certify(Transaction transaction)
    {
        for (int i = 0; i < _versions.Length; i++)
            if (transaction.Read[i] >= 0 && transaction.Read[i] != _versions[i])
                return false;
        return true;
    }

    public void Commit(Transaction transaction)
    {
        if (transaction.Report is { } report)
        {
            Network.Apply(report);
            _versions[report.Switch]++;
        }
        Keep(transaction.Id, [.. transaction.Tables.Select(write => new TableWrite(write.Switch, Tables[write.Switch]))]);
        foreach (TableWrite write in transaction.Tables)
        {
            Tables[write.Switch] = write.Table;
            _versions[Fabric.Switches + write.Switch]++;
        }
    }

    private void Keep(string id, TableWrite[] before)
    {
        _undo.Enqueue((id, before));
        if (_undo.Count > KeptForRollBack)
            _undo.Dequeue();
    }

    public async Task CaptureAsync(Stream to, CancellationToken ct)
    {
        await Network.CaptureAsync(to, ct);
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        foreach (int version in _versions)
            writer.Write(version);
        foreach (byte[]? table in Tables)
            Write(writer, table);
        writer.Write(_undo.Count);
        foreach ((string id, TableWrite[] before) in _undo)
        {
            writer.Write(id);
            writer.Write(before.Length);
            foreach (TableWrite write in before)
            {
                writer.Write(write.Switch);
                Write(writer, write.Table);
            }
        }
    }

    public async Task RestoreAsync(Stream from, CancellationToken ct)
    {
        await Network.RestoreAsync(from, ct);
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        for (int i = 0; i < _versions.Length; i++)
            _versions[i] = reader.ReadInt32();
        for (int s = 0; s < Tables.Length; s++)
            Tables[s] = ReadTable(reader);
        _undo.Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string id = reader.ReadString();
            var before = new TableWrite[reader.ReadInt32()];
            for (int i = 0; i < before.Length; i++)
                before[i] = new TableWrite(reader.ReadInt32(), ReadTable(reader));
            _undo.Enqueue((id, before));
        }
    }

    public override string ToString() => $"{Network}| {string.Join(' ', Tables.Select(static table => table is null ? "-" : Convert.ToHexString(table)))}";

    private static void Write(BinaryWriter writer, byte[]? table)
    {
        writer.Write(table is not null);
        if (table is not null)
            writer.Write(table);
    }

    private static byte[]? ReadTable(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadBytes(Fabric.Switches) : null;
}
