using System;
using System.Collections.Generic;

namespace GroupComm.Testing.Traces;

/// <summary>A node that did not come along into a view.</summary>
/// <param name="Process">Its index in the history.</param>
/// <param name="Reason">Why, in words.</param>
internal readonly record struct LeftNode(int Process, string Reason);

/// <summary>What an event says beyond numbers. Owned and reused by its <see cref="History"/>; do not keep across <c>Clear</c>.</summary>
internal sealed class TraceDetail
{
    private readonly List<int> _members = [];
    private readonly List<int> _transitional = [];
    private readonly List<LeftNode> _left = [];

    /// <summary>View: the ranked processes. GroupView: the ranked members.</summary>
    public ReadOnlySpan<int> Members => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_members);

    /// <summary>View: the transitional set, as processes.</summary>
    public ReadOnlySpan<int> Transitional => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_transitional);

    /// <summary>View: whether a transitional set was reported at all.</summary>
    public bool HasTransitional { get; private set; }

    /// <summary>View: who did not come along.</summary>
    public IReadOnlyList<LeftNode> Left => _left;

    /// <summary>Reason, cluster name or digest, by kind.</summary>
    public string Text { get; set; } = "";

    /// <summary>Start: the version.</summary>
    public string Version { get; set; } = "";

    /// <summary>GroupView: the fencing token.</summary>
    public FencingToken Token { get; set; }

    public void AddMember(int index) => _members.Add(index);

    public void SetMembers(ReadOnlySpan<int> members)
    {
        _members.Clear();
        foreach (int m in members)
            _members.Add(m);
    }

    public void AddTransitional(int process) => _transitional.Add(process);

    public void SetTransitional(ReadOnlySpan<int> processes)
    {
        HasTransitional = true;
        foreach (int p in processes)
            _transitional.Add(p);
    }

    public void AddLeft(LeftNode left) => _left.Add(left);

    public void Clear()
    {
        _members.Clear();
        _transitional.Clear();
        _left.Clear();
        HasTransitional = false;
        Text = "";
        Version = "";
        Token = default;
    }
}
