using System.Collections.Generic;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// Per member: items are what was delivered to it and the group views that it installed, in that order. Two conflict when
/// their keys are equal or one has none (a view, a message without a key). A handler begins only when those of all earlier
/// conflicting items have ended. As deliveries of agreed and safe messages come in one order everywhere (VS-15, VS-16), so do
/// the handlers of those that conflict. Needs traces with handler events; others pass.
/// </summary>
internal sealed class Vs24ConflictOrder() : Law("VS-24", "conflict order",
    "conflicting messages are handled one after the other in the order of their delivery, and views are barriers for all keys")
{
    private const int Barrier = 0;
    private const int Unknown = -1;

    private readonly Dictionary<(int Member, int Sender, long View, long Sequence), Item> _items = [];
    private readonly Dictionary<int, List<Item>> _open = [];
    private readonly Stack<List<Item>> _spare = new();

    private sealed record Item(int Place, int Key, EventRef At);

    public override void Check(TraceIndex index, Verdict verdict)
    {
        foreach (ProcessTrace trace in index.History.Processes)
        {
            if (!HasHandlers(trace))
                continue;
            Clear();
            for (int i = 0; i < trace.Count; i++)
                Read(index, verdict, trace, i);
        }
    }

    private static bool HasHandlers(ProcessTrace trace)
    {
        foreach (ref readonly TraceEvent e in trace.Events)
            if (e.Kind == TraceKind.HandleBegin)
                return true;
        return false;
    }

    private void Clear()
    {
        _items.Clear();
        foreach (List<Item> open in _open.Values)
        {
            open.Clear();
            _spare.Push(open);
        }
        _open.Clear();
    }

    private void Read(TraceIndex index, Verdict verdict, ProcessTrace trace, int at)
    {
        ref readonly TraceEvent e = ref trace[at];
        EventRef here = new(trace.Index, at);
        switch (e.Kind)
        {
            case TraceKind.Deliver:
                Admit((e.Member, e.Sender, e.MessageView, e.Sequence), KeyOf(index, e), here);
                break;
            case TraceKind.GroupView:
                foreach (int member in index.History.Detail(e.Detail).Members)
                    if (index.History.MemberAt(member).Process == trace.Index)
                        Admit((member, -1, e.GroupClusterView, e.GroupNumber), Barrier, here);
                break;
            case TraceKind.HandleBegin:
                Begin(index, verdict, e, here);
                break;
            case TraceKind.HandleEnd when _items.Remove((e.Member, e.Sender, e.MessageView, e.Sequence), out Item? ended):
                _open[e.Member].Remove(ended);
                break;
        }
    }

    private static int KeyOf(TraceIndex index, in TraceEvent e)
    {
        int message = index.FindMessage(e.Sender, e.MessageView, e.Sequence);
        if (message < 0 || index.Messages[message].Event < 0)
            return Unknown;
        return index.Event(e.Sender, index.Messages[message].Event).Key;
    }

    private void Admit((int Member, int, long, long) id, int key, EventRef at)
    {
        if (!_open.TryGetValue(id.Member, out List<Item>? open))
            _open.Add(id.Member, open = _spare.Count > 0 ? _spare.Pop() : []);
        int place = open.Count == 0 ? 1 : open[^1].Place + 1;
        Item item = new(place, key, at);
        if (_items.TryAdd(id, item))
            open.Add(item);
    }

    private void Begin(TraceIndex index, Verdict verdict, in TraceEvent e, EventRef here)
    {
        if (!_items.TryGetValue((e.Member, e.Sender, e.MessageView, e.Sequence), out Item? begun))
        {
            Report(verdict, $"{index.History.MemberName(e.Member)} handles what was not delivered to it, or handles it again", here);
            return;
        }
        foreach (Item before in _open[e.Member])
        {
            if (before.Place >= begun.Place)
                return;
            if (before.Key != Unknown && begun.Key != Unknown && (before.Key == begun.Key || before.Key == Barrier || begun.Key == Barrier))
            {
                Report(verdict, $"{index.History.MemberName(e.Member)} began a handler before that of an earlier conflicting item had ended", before.At, begun.At, here);
                return;
            }
        }
    }
}
