using System;

namespace GroupComm.Runtime.Tracing;

/// <summary>The rare lines: they encode their names on the spot.</summary>
internal sealed partial class TraceWriter
{
    public void Start(long t, string cluster, string version)
    {
        Begin("start"u8, t);
        Text(",\"cluster\":"u8, cluster);
        Text(",\"version\":"u8, version);
        _line.End(output);
    }

    /// <summary>A cluster view was installed. <paramref name="epoch"/> tells a cluster that was founded again from the one before; 0 is not written.</summary>
    public void View(long t, long view, bool primary, ReadOnlySpan<NodeId> members, ReadOnlySpan<NodeId> transitional, ReadOnlySpan<TraceLeft> left, long epoch = 0)
    {
        Begin("view"u8, t);
        Number(",\"view\":"u8, view);
        if (epoch != 0)
            Number(",\"epoch\":"u8, epoch);
        _line.Raw(primary ? ",\"primary\":true"u8 : ",\"primary\":false"u8);
        Nodes(",\"members\":["u8, members);
        Nodes(",\"transitional\":["u8, transitional);
        _line.Raw(",\"left\":["u8);
        for (int i = 0; i < left.Length; i++)
        {
            _line.Raw(i == 0 ? "{\"node\":"u8 : ",{\"node\":"u8);
            _line.Text(TraceText.Of(left[i].Node));
            Text(",\"reason\":"u8, left[i].Reason);
            _line.Raw("}"u8);
        }
        _line.Raw("]"u8);
        _line.End(output);
    }

    /// <summary>A group view was installed. <paramref name="agreedOnly"/>: the group takes agreed and safe messages only.</summary>
    public void GroupView(long t, TraceText group, long view, GroupViewId groupView, ReadOnlySpan<MemberId> members, string reason, FencingToken token, bool agreedOnly = false)
    {
        Begin("groupview"u8, t);
        _line.Raw(",\"group\":"u8);
        _line.Text(group);
        Number(",\"view\":"u8, view);
        _line.Raw(",\"gview\":"u8);
        _line.GroupView(groupView);
        _line.Raw(",\"members\":["u8);
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
                _line.Raw(","u8);
            _line.Text(TraceText.Of(members[i].ToString()));
        }
        _line.Raw("]"u8);
        Text(",\"reason\":"u8, reason);
        Text(",\"token\":"u8, token.ToString());
        if (agreedOnly)
            _line.Raw(",\"agreedOnly\":true"u8);
        _line.End(output);
    }

    /// <summary>A state was given or restored. <paramref name="role"/> is <c>donor</c> or <c>joiner</c>, <paramref name="other"/> the node at
    /// the other end, null to leave it out.</summary>
    public void State(long t, TraceText group, GroupViewId groupView, ulong digest, string role, NodeId? other)
    {
        Begin("state"u8, t);
        _line.Raw(",\"group\":"u8);
        _line.Text(group);
        _line.Raw(",\"gview\":"u8);
        _line.GroupView(groupView);
        Text(",\"digest\":"u8, digest.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        Text(",\"role\":"u8, role);
        if (other is { } node)
        {
            _line.Raw(",\"of\":"u8);
            _line.Text(TraceText.Of(node));
        }
        _line.End(output);
    }

    public void Read(long t, TraceText group, TraceText member, long begin, long end, long position)
    {
        Begin("read"u8, t);
        _line.Raw(",\"group\":"u8);
        _line.Text(group);
        if (member.Utf8 is not null)
        {
            _line.Raw(",\"member\":"u8);
            _line.Text(member);
        }
        Number(",\"begin\":"u8, begin);
        Number(",\"end\":"u8, end);
        Number(",\"pos\":"u8, position);
        _line.End(output);
    }

    public void Primary(long t, bool value, string reason)
    {
        Begin("primary"u8, t);
        _line.Raw(value ? ",\"value\":true"u8 : ",\"value\":false"u8);
        Text(",\"reason\":"u8, reason);
        _line.End(output);
    }

    public void Excluded(long t, long view, string reason)
    {
        Begin("excluded"u8, t);
        Number(",\"view\":"u8, view);
        Text(",\"reason\":"u8, reason);
        _line.End(output);
    }

    /// <summary>This node leaves the cluster, or with names a member leaves its group.</summary>
    public void Leave(long t, TraceText group = default, TraceText member = default)
    {
        Begin("leave"u8, t);
        if (group.Utf8 is not null)
        {
            _line.Raw(",\"group\":"u8);
            _line.Text(group);
            _line.Raw(",\"member\":"u8);
            _line.Text(member);
        }
        _line.End(output);
    }

    public void Wedge(long t, long view)
    {
        Begin("wedge"u8, t);
        Number(",\"view\":"u8, view);
        _line.End(output);
    }

    public void Suspect(long t, NodeId of, string reason)
    {
        Begin("suspect"u8, t);
        _line.Raw(",\"of\":"u8);
        _line.Text(TraceText.Of(of));
        Text(",\"reason\":"u8, reason);
        _line.End(output);
    }

    /// <summary>The file takes no more, though the process goes on.</summary>
    public void Untraced(long t, string reason)
    {
        Begin("untraced"u8, t);
        Text(",\"reason\":"u8, reason);
        _line.End(output);
    }

    public void Stop(long t)
    {
        Begin("stop"u8, t);
        _line.End(output);
    }

    private void Text(ReadOnlySpan<byte> name, string text)
    {
        _line.Raw(name);
        _line.Text(TraceText.Of(text));
    }

    private void Nodes(ReadOnlySpan<byte> name, ReadOnlySpan<NodeId> nodes)
    {
        _line.Raw(name);
        for (int i = 0; i < nodes.Length; i++)
        {
            if (i > 0)
                _line.Raw(","u8);
            _line.Text(TraceText.Of(nodes[i]));
        }
        _line.Raw("]"u8);
    }
}
