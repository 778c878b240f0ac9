using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Threading;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Tracing;

namespace GroupComm.Runtime.Turn;

/// <summary>
/// Writes what a turn will do before it is done, in one write: a kill cuts at most the last turn. Keeps its own account of
/// views, members and positions, so that without a trace file nothing of it costs anything. Belongs to the core's owner.
/// A trace is evidence, never a reason to fail: when the file takes no more, tracing ends and the node goes on (decision 0036).
/// </summary>
internal sealed class TurnTrace : IDisposable
{
    private readonly TraceFile _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(64 << 10);
    private readonly string _cluster;
    private readonly Dictionary<int, TracedGroup> _groups = [];
    private readonly Dictionary<(NodeId, int), TraceText> _members = [];
    private readonly Dictionary<ViewKey, TracedView> _views = [];
    private TraceWriter _writer;
    private NodeId _self;
    private TracedView? _view;
    private long _untraced;
    private bool _begun;
    private bool _ended;

    public TurnTrace(string path, string cluster, NodeId self)
    {
        _file = new TraceFile(path);
        (_cluster, _self) = (cluster, self);
        _writer = new TraceWriter(_buffer, self);
        try
        {
            Start();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        _begun = true;
    }

    /// <summary>Told once why tracing ended before the node did.</summary>
    public Action<string>? Failed { get; set; }

    /// <summary>Turns since then.</summary>
    public long Untraced => Volatile.Read(ref _untraced);

    /// <summary>The conflict key of a payload that a member of this node sends, as text; null for none. Asked for traced sends of
    /// whole messages only: keys cost nothing without a trace.</summary>
    public Func<int, string, ReadOnlySequence<byte>, string?>? KeyOf { get; set; }

    private sealed class TracedGroup
    {
        public required TraceText Name { get; init; }

        public GroupViewId View { get; set; }

        public long Position { get; set; }

        public List<(int Slot, TraceText Name)> Local { get; } = [];
    }

    private sealed class TracedView(InstalledView view)
    {
        public InstalledView View => view;

        public TraceText[] Nodes { get; } = [.. view.Members.Select(member => TraceText.Of(member.Id))];

        /// <summary>Hash of the fragments so far, by rank.</summary>
        public XxHash64?[] Fragments { get; } = new XxHash64?[view.Members.Count];

        public XxHash64? OwnFragments { get; set; }

        /// <summary>Own messages whose receipt Safe was not given.</summary>
        public Queue<long> AwaitSafe { get; } = new();

        /// <summary>What is broadcast again was sent before.</summary>
        public long Sent { get; set; }
    }

    /// <summary>A new life of the same node.</summary>
    public void Restart(NodeId self)
    {
        if (_ended)
            return;
        _writer.Stop(Clock.Nanoseconds);
        Flush();
        _self = self;
        _writer = new TraceWriter(_buffer, self);
        _view = null;
        _views.Clear();
        _groups.Clear();
        _members.Clear();
        Start();
    }

    public void Write(EffectList effects)
    {
        if (_ended)
        {
            Volatile.Write(ref _untraced, _untraced + 1);
            return;
        }
        for (int i = 0; i < effects.Count; i++)
            Write(effects[i]);
        Flush();
    }

    /// <summary>A member of this node is about to be served a barrier read.</summary>
    public void Read(int group, string member, long begin)
    {
        if (_ended || !_groups.TryGetValue(group, out TracedGroup? traced))
            return;
        _writer.Read(Clock.Nanoseconds, traced.Name, TraceText.Of(member), begin, Clock.Nanoseconds, traced.Position);
        Flush();
    }

    /// <summary>A state was given or restored, whenever that ended.</summary>
    public void State(string group, GroupViewId view, ulong digest, bool donor, NodeId other)
    {
        if (_ended)
            return;
        _writer.State(Clock.Nanoseconds, TraceText.Of(group), view, digest, donor ? "donor" : "joiner", other);
        Flush();
    }

    /// <summary>The last line.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _writer.Stop(Clock.Nanoseconds);
        Flush();
        _ended = true;
        _file.Dispose();
    }

    private void Start()
    {
        _writer.Start(Clock.Nanoseconds, _cluster, typeof(TurnTrace).Assembly.GetName().Version?.ToString(3) ?? "0");
        Flush();
    }

    private void Flush()
    {
        if (_buffer.WrittenCount == 0)
            return;
        try
        {
            _file.Append(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
        }
        catch (Exception error) when (_begun && (error is IOException or UnauthorizedAccessException))
        {
            _buffer.ResetWrittenCount();
            _ended = true;
            _writer.Untraced(Clock.Nanoseconds, error.Message);
            _file.End(_buffer.WrittenSpan);
            Failed?.Invoke(error.Message);
        }
    }

    private void Write(in Effect effect)
    {
        long t = Clock.Nanoseconds;
        switch (effect.Kind)
        {
            case EffectKind.Broadcast when effect.Subject is Bundle bundle && _view is { } view && bundle.Sender == view.View.OwnRank && bundle.First > view.Sent:
                view.Sent = bundle.Last;
                Sends(t, view, bundle);
                break;
            case EffectKind.Deliver:
                Deliveries(t, effect);
                break;
            case EffectKind.ViewInstalled:
                View(t, (InstalledView)effect.Subject!);
                break;
            case EffectKind.GroupViewInstalled:
                GroupView(t, (InstalledGroupView)effect.Subject!);
                break;
            case EffectKind.Safe when _view is { } current:
                while (current.AwaitSafe.TryPeek(out long sequence) && sequence <= effect.Number)
                    _writer.Ack(t, current.View.Key.Id, current.AwaitSafe.Dequeue(), "safe"u8);
                break;
            case EffectKind.Wedged when _view is not null:
                _writer.Wedge(t, _view.View.Key.Id);
                break;
            case EffectKind.PrimaryLost:
                _writer.Primary(t, false, effect.Text);
                break;
            case EffectKind.PrimaryRegained:
                _writer.Primary(t, true, "");
                break;
            case EffectKind.Suspected:
                _writer.Suspect(t, effect.Node, effect.Text);
                break;
            case EffectKind.Excluded:
                _writer.Excluded(t, _view?.View.Key.Id ?? 0, effect.Text);
                break;
            case EffectKind.Left:
                _writer.Leave(t);
                break;
            default:
                break; // says nothing that a checker reads
        }
    }

    private void View(long t, InstalledView installed)
    {
        // The next view settles the receipts of the one before.
        while (_view is not null && _view.AwaitSafe.TryDequeue(out long sequence))
            _writer.Ack(t, _view.View.Key.Id, sequence, "safe"u8);
        _view = new TracedView(installed);
        _views[installed.Key] = _view;
        foreach (ViewKey old in _views.Keys.Where(key => key.Id < installed.Key.Id - 1 || key.Epoch != installed.Key.Epoch).ToArray())
            _views.Remove(old);
        _writer.View(
            t, installed.Key.Id, primary: true,
            [.. installed.Members.Select(member => member.Id)], [.. installed.Transitional],
            [.. installed.Departed.Select(departed => new TraceLeft(departed.Id, departed.Reason))], installed.Key.Epoch);
    }

    private void GroupView(long t, InstalledGroupView installed)
    {
        GroupState state = installed.Group;
        if (!_groups.TryGetValue(state.Number, out TracedGroup? group))
            _groups.Add(state.Number, group = new TracedGroup { Name = TraceText.Of(state.Name) });
        group.View = new GroupViewId(state.InstalledIn, state.ViewNumber);
        group.Position = 0;
        group.Local.Clear();
        foreach (GroupMember member in state.Members)
        {
            _members[(member.Node, member.Slot)] = TraceText.Of(member.Name);
            if (member.Node == _self)
                group.Local.Add((member.Slot, TraceText.Of(member.Name)));
        }
        foreach (GroupMember left in installed.Left)
            if (left.Node == _self)
                _writer.Leave(t, group.Name, TraceText.Of(left.Name));
        LocalGroupView view = new(installed, null);
        _writer.GroupView(
            t, group.Name, installed.View.Id, group.View, [.. view.View.Members], installed.Reason, view.View.Token, state.Traits.AgreedOnly);
        if (state.Members.Count == 0)
            _groups.Remove(state.Number);
    }

    private void Sends(long t, TracedView view, Bundle bundle)
    {
        foreach (ref Segment segment in bundle.Segments)
        {
            if (segment.Kind != SegmentKind.Application || !_groups.TryGetValue(segment.Group, out TracedGroup? group))
                continue;
            TraceText member = _members.GetValueOrDefault((_self, segment.Slot));
            GroupViewId groupView = group.View with { Number = segment.GroupView };
            byte[] buffer = bundle.Block!.Buffer;
            int offset = segment.Offset;
            for (int i = 0; i < segment.Count; i++)
            {
                ReadOnlySpan<byte> payload = Next(buffer, ref offset);
                string? key = segment is { Slot: not 0, TypeId: { } type, FragmentsLeft: 0 } && view.OwnFragments is null
                    ? KeyOf?.Invoke(segment.Slot, type, new ReadOnlySequence<byte>(buffer, offset - payload.Length, payload.Length))
                    : null;
                if (Whole(view.OwnFragments, payload, segment.FragmentsLeft, out XxHash64? open) is { } hash)
                {
                    _writer.Send(
                        t, group.Name, member, bundle.View.Id, segment.First + i, segment.Order, groupView, hash, key is null ? default : TraceText.Of(key));
                    view.AwaitSafe.Enqueue(segment.First + i);
                }
                view.OwnFragments = open;
            }
        }
    }

    private void Deliveries(long t, in Effect effect)
    {
        Bundle bundle = effect.Bundle;
        ref readonly Segment segment = ref bundle[effect.Index];
        if (!_groups.TryGetValue(segment.Group, out TracedGroup? group) || group.Local.Count == 0 || !_views.TryGetValue(bundle.View, out TracedView? view))
            return;
        byte[] buffer = bundle.Block!.Buffer;
        int offset = Varint.Skip(buffer, segment.Offset, effect.First - segment.First);
        for (int i = 0; i < effect.Count; i++)
        {
            ReadOnlySpan<byte> payload = Next(buffer, ref offset);
            ulong? hash = Whole(view.Fragments[bundle.Sender], payload, segment.FragmentsLeft, out view.Fragments[bundle.Sender]);
            if (hash is null)
                continue;
            group.Position++;
            foreach ((_, TraceText member) in group.Local)
                _writer.Deliver(
                    t, group.Name, member, view.Nodes[bundle.Sender], bundle.View.Id, effect.First + i, segment.Order, view.View.Key.Id, group.View,
                    group.Position, effect.Number == 0 ? -1 : effect.Number + i, hash.Value);
        }
    }

    private static ReadOnlySpan<byte> Next(byte[] buffer, ref int offset)
    {
        int length = Varint.Read(buffer, ref offset);
        offset += length;
        return buffer.AsSpan(offset - length, length);
    }

    /// <summary>The hash of a whole message; null while fragments follow.</summary>
    private static ulong? Whole(XxHash64? before, ReadOnlySpan<byte> payload, int fragmentsLeft, out XxHash64? open)
    {
        open = before;
        if (before is null && fragmentsLeft == 0)
            return XxHash64.HashToUInt64(payload);
        open ??= new XxHash64();
        open.Append(payload);
        if (fragmentsLeft > 0)
            return null;
        ulong hash = open.GetCurrentHashAsUInt64();
        open = null;
        return hash;
    }
}
