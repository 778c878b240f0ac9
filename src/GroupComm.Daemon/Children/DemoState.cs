using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Children;

/// <summary>
/// The replicated state of the demo: how many messages the group has seen, a hash of their set and of their sequence, and how
/// many each node sent. A fresh node gets it, and at every group view all members must have the same. Touched by handlers,
/// captures and restores of one member, which never overlap.
/// </summary>
internal sealed class DemoState
{
    private readonly SortedDictionary<string, long> _senders = new(System.StringComparer.Ordinal);
    private readonly List<(GroupViewId View, long Count, ulong Sequence, ulong Set)> _points = [];

    public ViewDigest Whole { get; private set; } = new();

    /// <summary>What the state was at the begin of each group view.</summary>
    public IReadOnlyList<(GroupViewId View, long Count, ulong Sequence, ulong Set)> Points => _points;

    public void Begin(GroupViewId view) => _points.Add((view, Whole.Count, Whole.Sequence, Whole.Set));

    public void Add(NodeId sender, ulong item)
    {
        Whole.Add(item);
        string name = sender.ToString();
        _senders[name] = _senders.GetValueOrDefault(name) + 1;
    }

    public Task CaptureAsync(Stream stream, CancellationToken ct)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Whole.Count);
        writer.Write(Whole.Sequence);
        writer.Write(Whole.Set);
        writer.Write(_senders.Count);
        foreach ((string sender, long count) in _senders)
        {
            writer.Write(sender);
            writer.Write(count);
        }
        return Task.CompletedTask;
    }

    public Task RestoreAsync(Stream stream, CancellationToken ct)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        Whole = new ViewDigest(reader.ReadInt64(), reader.ReadUInt64(), reader.ReadUInt64());
        _senders.Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
            _senders.Add(reader.ReadString(), reader.ReadInt64());
        return Task.CompletedTask;
    }
}
