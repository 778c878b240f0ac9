using System;
using System.Collections.Generic;
using System.Globalization;

namespace GroupComm.Testing.Traces;

/// <summary>
/// What every process did, each in its own order, and the tables that number processes, groups and members.
/// One incarnation is one <see cref="ProcessTrace"/>. Recording a send or a delivery allocates nothing in steady state;
/// <see cref="Clear"/> empties the history and keeps its buffers for the next schedule.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<NodeId, int> _processIndex = [];
    private readonly List<ProcessTrace> _processes = [];
    private readonly Stack<ProcessTrace> _spareProcesses = [];
    private readonly Dictionary<string, int> _groupIndex = new(StringComparer.Ordinal);
    private readonly List<string> _groups = [];
    private readonly List<bool> _agreedOnly = [];
    private readonly Dictionary<MemberEntry, int> _memberIndex = [];
    private readonly List<MemberEntry> _members = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly List<TraceDetail> _details = [];
    private int _detailCount;

    /// <summary>Every process that has a trace or is named in one.</summary>
    public IReadOnlyList<ProcessTrace> Processes => _processes;

    /// <summary>How many groups are named.</summary>
    public int GroupCount => _groups.Count;

    /// <summary>How many members are named.</summary>
    public int MemberCount => _members.Count;

    /// <summary>Events of all processes.</summary>
    public long EventCount
    {
        get
        {
            long sum = 0;
            foreach (ProcessTrace p in _processes)
                sum += p.Count;
            return sum;
        }
    }

    /// <summary>The trace of <paramref name="id"/>, new if it was unknown. Keep it: the look-up is a hash.</summary>
    public ProcessTrace Process(NodeId id)
    {
        if (_processIndex.TryGetValue(id, out int index))
            return _processes[index];
        ProcessTrace trace = _spareProcesses.Count > 0 ? _spareProcesses.Pop() : new ProcessTrace(this);
        trace.Reset(id, _processes.Count);
        _processIndex.Add(id, trace.Index);
        _processes.Add(trace);
        return trace;
    }

    /// <summary>The number of a group, new if it was unknown.</summary>
    public int Group(string name)
    {
        if (_groupIndex.TryGetValue(name, out int index))
            return index;
        index = _groups.Count;
        _groupIndex.Add(name, index);
        _groups.Add(name);
        _agreedOnly.Add(false);
        return index;
    }

    /// <summary>The name of a group.</summary>
    public string GroupName(int group) => _groups[group];

    /// <summary>States that a group takes agreed and safe messages only (protocol.md section 7), which changes VS-8 and VS-12.</summary>
    public void SetAgreedOnly(int group) => _agreedOnly[group] = true;

    /// <summary>Whether the group takes agreed and safe messages only.</summary>
    public bool IsAgreedOnly(int group) => _agreedOnly[group];

    /// <summary>The number of a member, new if it was unknown. Keep it: the look-up is a hash.</summary>
    public int Member(int process, int group, string name)
    {
        var entry = new MemberEntry(process, group, name);
        if (_memberIndex.TryGetValue(entry, out int index))
            return index;
        index = _members.Count;
        _memberIndex.Add(entry, index);
        _members.Add(entry);
        return index;
    }

    /// <summary>What the number of a member stands for.</summary>
    public MemberEntry MemberAt(int member) => _members[member];

    /// <summary><c>node#incarnation/name</c>.</summary>
    public string MemberName(int member) =>
        string.Create(CultureInfo.InvariantCulture, $"{_processes[_members[member].Process].Id}/{_members[member].Name}");

    /// <summary>The number of a conflict key, from 1, new if it was unknown.</summary>
    public int Key(string text)
    {
        if (_keys.TryGetValue(text, out int number))
            return number;
        _keys.Add(text, number = _keys.Count + 1);
        return number;
    }

    /// <summary>The detail with that number.</summary>
    public TraceDetail Detail(int index) => _details[index];

    /// <summary>A fresh detail and its number.</summary>
    public TraceDetail NewDetail(out int index)
    {
        if (_detailCount == _details.Count)
            _details.Add(new TraceDetail());
        index = _detailCount++;
        _details[index].Clear();
        return _details[index];
    }

    /// <summary>How many details are kept.</summary>
    public int DetailCount => _detailCount;

    /// <summary>Forgets all but the first <paramref name="count"/> details: a search went back.</summary>
    public void CutBackDetails(int count) => _detailCount = Math.Min(_detailCount, count);

    /// <summary>Forgets everything, keeps the buffers.</summary>
    public void Clear()
    {
        for (int i = _processes.Count - 1; i >= 0; i--)
            _spareProcesses.Push(_processes[i]);
        _processes.Clear();
        _processIndex.Clear();
        _groupIndex.Clear();
        _groups.Clear();
        _agreedOnly.Clear();
        _memberIndex.Clear();
        _members.Clear();
        _keys.Clear();
        _detailCount = 0;
    }
}
