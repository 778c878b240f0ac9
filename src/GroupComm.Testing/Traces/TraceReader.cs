using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace GroupComm.Testing.Traces;

/// <summary>
/// Reads trace files (contracts.md section 4) into a <see cref="History"/>. A file may hold several incarnations. Unknown kinds and
/// fields are skipped. A malformed line is a <see cref="TraceFormatException"/>, except a last line without its newline: SIGKILL may
/// have cut it.
/// </summary>
internal sealed class TraceReader(History history)
{
    private readonly LineFields _fields = new();
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Process, int Group), (string Name, int Member)> _lastMember = [];
    private ProcessTrace? _last;
    private string _file = "";
    private int _line;

    /// <summary>Reads one file.</summary>
    public void Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        Read(stream, file);
    }

    /// <summary>Reads one stream; <paramref name="name"/> stands for it in explanations.</summary>
    public void Read(Stream stream, string name)
    {
        var lines = new JsonLines(stream, name);
        _file = name;
        while (lines.TryRead(out ReadOnlySpan<byte> line, out bool complete))
        {
            _line = lines.Line;
            if (line.Trim(" \t\r"u8).IsEmpty)
                continue;
            try
            {
                _fields.Read(line);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                if (!complete)
                    return;
                throw Bad(e.Message);
            }
            Take();
        }
    }

    private void Take()
    {
        LineFields f = _fields;
        TraceKind kind = f[f.Ev] switch
        {
            "deliver" => TraceKind.Deliver,
            "send" => TraceKind.Send,
            "ack" => TraceKind.Ack,
            "start" => TraceKind.Start,
            "view" => TraceKind.View,
            "groupview" => TraceKind.GroupView,
            "state" => TraceKind.State,
            "read" => TraceKind.Read,
            "primary" => TraceKind.Primary,
            "excluded" => TraceKind.Excluded,
            "leave" => TraceKind.Leave,
            "wedge" => TraceKind.Wedge,
            "suspect" => TraceKind.Suspect,
            "stop" => TraceKind.Stop,
            _ => 0,
        };
        if (kind == 0)
        {
            if (f[f.Ev] is "untraced")
                Self().IsCutOff = true;
            return;
        }
        ProcessTrace trace = Self();
        ref TraceEvent e = ref trace.Add(kind, f.T);
        e.Line = _line;
        e.View = f.View;
        if (f.Has(f.Group))
            e.Group = Group(f[f.Group]);
        if (f.Has(f.GroupView))
            (e.GroupClusterView, e.GroupNumber) = GroupView(f[f.GroupView]);
        switch (kind)
        {
            case TraceKind.Send or TraceKind.Deliver:
                Message(ref e, trace, kind);
                break;
            case TraceKind.Ack:
                Id(ref e);
                e.Stage = f[f.Stage] switch { "delivered" => TraceStage.Delivered, "safe" => TraceStage.Safe, "durable" => TraceStage.Durable, _ => TraceStage.None };
                break;
            case TraceKind.View:
                Require(f.HasView && f.HasMembers, "a view line needs view and members");
                e.Flag = f.Primary;
                e.Sequence = f.Epoch;
                e.Detail = ViewDetail();
                break;
            case TraceKind.GroupView:
                Require(e.Group >= 0 && e.GroupNumber > 0 && f.HasMembers, "a groupview line needs group, gview and members");
                e.Detail = GroupViewDetail(e.Group);
                break;
            case TraceKind.State:
                State(ref e);
                break;
            case TraceKind.Read:
                e.Sequence = f.Begin;
                e.Number = f.End;
                e.Position = checked((int)f.Position);
                if (e.Group >= 0 && f.Has(f.Member))
                    e.Member = Member(trace.Index, e.Group, f[f.Member]);
                break;
            case TraceKind.Primary:
                e.Flag = f.Value;
                e.Detail = Text(f.Reason);
                break;
            case TraceKind.Leave:
                if (e.Group >= 0 && f.Has(f.Member))
                    e.Member = Member(trace.Index, e.Group, f[f.Member]);
                break;
            case TraceKind.Suspect:
                e.Sender = Node(f[f.Of]);
                e.Detail = Text(f.Reason);
                break;
            case TraceKind.Start:
                e.Detail = Text(f.Cluster);
                history.Detail(e.Detail).Version = f[f.Version].ToString();
                break;
            case TraceKind.Wedge:
                Require(f.HasView, "a wedge line needs its view");
                break;
            case TraceKind.Excluded:
                e.Detail = Text(f.Reason);
                break;
            default:
                break;
        }
    }

    private ProcessTrace Self()
    {
        LineFields f = _fields;
        if (_last is not { } last || last.Id.Incarnation != f.Inc || !f[f.Node].SequenceEqual(last.Id.Name))
        {
            string name = f[f.Node].ToString();
            Require(NodeId.IsValidName(name) && f.Inc is >= 1 and <= NodeId.MaxIncarnation, "node and inc do not name a process");
            last = history.Process(new NodeId(name, f.Inc));
        }
        _last = last;
        last.BeginFile(_file);
        return last;
    }

    private void Message(ref TraceEvent e, ProcessTrace trace, TraceKind kind)
    {
        LineFields f = _fields;
        Require(e.Group >= 0, "the line needs its group");
        Id(ref e);
        if (f.Has(f.Member))
            e.Member = Member(trace.Index, e.Group, f[f.Member]);
        Require(e.Member >= 0 || kind == TraceKind.Send, "a deliver line needs its member");
        Require(e.Sender == trace.Index || kind == TraceKind.Deliver, "a send line names a message of another process");
        if (!f.HasView)
            e.View = e.MessageView;
        if (kind == TraceKind.Send && f.Has(f.Key))
            e.Key = history.Key(f[f.Key].ToString());
        e.OrderByte = (byte)(f[f.Order] switch
        {
            "fifo" => DeliveryOrder.Fifo,
            "causal" => DeliveryOrder.Causal,
            "agreed" => DeliveryOrder.Agreed,
            "safe" => DeliveryOrder.Safe,
            _ => throw Bad("the order is none of fifo, causal, agreed, safe"),
        });
        Require(ulong.TryParse(f[f.Hash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out e.Hash), "the hash is not hexadecimal");
        e.Position = checked((int)f.Position);
        e.Number = f.Number;
    }

    private void State(ref TraceEvent e)
    {
        LineFields f = _fields;
        Require(e.Group >= 0 && e.GroupNumber > 0, "a state line needs group and gview");
        Require(ulong.TryParse(f[f.Digest], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out e.Hash), "the digest is not hexadecimal");
        e.Role = f[f.Role] switch
        {
            "donor" => StateRole.Donor,
            "joiner" => StateRole.Joiner,
            "member" => StateRole.Member,
            _ => throw Bad("the role is none of donor, joiner, member"),
        };
        if (f.Has(f.Of))
            e.Sender = Node(f[f.Of]);
    }

    private void Id(ref TraceEvent e)
    {
        ReadOnlySpan<char> id = _fields[_fields.Id];
        int second = id.LastIndexOf(':');
        int first = second <= 0 ? -1 : id[..second].LastIndexOf(':');
        Require(first > 0, "the id is not node#incarnation:view:sequence");
        Require(long.TryParse(id[(first + 1)..second], NumberStyles.None, CultureInfo.InvariantCulture, out e.MessageView)
            && long.TryParse(id[(second + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out e.Sequence), "the id is not node#incarnation:view:sequence");
        e.Sender = Node(id[..first]);
    }

    private int Node(ReadOnlySpan<char> text)
    {
        if (_nodes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int process))
            return process;
        string name = text.ToString();
        Require(NodeId.TryParse(name, out NodeId id), $"'{name}' is not node#incarnation");
        process = history.Process(id).Index;
        _nodes.Add(name, process);
        return process;
    }

    private int Group(ReadOnlySpan<char> text)
    {
        if (_groups.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int group))
            return group;
        string name = text.ToString();
        group = history.Group(name);
        _groups.Add(name, group);
        return group;
    }

    private int Member(int process, int group, ReadOnlySpan<char> name)
    {
        if (_lastMember.TryGetValue((process, group), out (string Name, int Member) last) && name.SequenceEqual(last.Name))
            return last.Member;
        string text = name.ToString();
        int member = history.Member(process, group, text);
        _lastMember[(process, group)] = (text, member);
        return member;
    }

    private (long View, int Number) GroupView(ReadOnlySpan<char> text)
    {
        int dot = text.IndexOf('.');
        long view = 0;
        int number = 0;
        Require(dot > 0 && long.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out view)
            && int.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out number), "gview is not view.number");
        return (view, number);
    }

    private int Text(Range range)
    {
        history.NewDetail(out int index).Text = _fields[range].ToString();
        return index;
    }

    private int ViewDetail()
    {
        TraceDetail detail = history.NewDetail(out int index);
        foreach (string member in _fields.Members)
            detail.AddMember(Node(member));
        if (_fields.HasTransitional)
            detail.SetTransitional(default);
        foreach (string node in _fields.Transitional)
            detail.AddTransitional(Node(node));
        foreach ((string node, string reason) in _fields.Left)
            detail.AddLeft(new LeftNode(Node(node), reason));
        return index;
    }

    private int GroupViewDetail(int group)
    {
        TraceDetail detail = history.NewDetail(out int index);
        foreach (string member in _fields.Members)
        {
            int slash = member.IndexOf('/', StringComparison.Ordinal);
            Require(slash > 0 && slash < member.Length - 1, $"'{member}' is not node#incarnation/name");
            detail.AddMember(history.Member(Node(member.AsSpan(0, slash)), group, member[(slash + 1)..]));
        }
        detail.Text = _fields[_fields.Reason].ToString();
        if (_fields.Has(_fields.Token))
        {
            Require(FencingToken.TryParse(_fields[_fields.Token].ToString(), out FencingToken token), "the token is not 32 hex digits");
            detail.Token = token;
        }
        if (_fields.AgreedOnly)
            history.SetAgreedOnly(group);
        return index;
    }

    private void Require(bool condition, string what)
    {
        if (!condition)
            throw Bad(what);
    }

    private TraceFormatException Bad(string what) => new(_file, _line, what);
}
