using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GroupComm.Testing.Traces;

namespace GroupComm.Daemon.Demo;

/// <summary>
/// Counts, without the law checker, what is missing and what came twice. Promised is whatever a survivor delivered, and
/// whatever any process, the killed one too, was told to be safe. The fresh node owes what belongs to its own views.
/// </summary>
internal sealed class LossCount
{
    private readonly History _history;

    private readonly record struct Key(int Sender, long View, long Sequence);

    public LossCount(History history, Played played)
    {
        _history = history;
        Dictionary<Key, int> promised = []; // with the number of the group view
        List<(Actor Actor, HashSet<Key> Keys, int FirstView)> survivors = [];
        foreach (Actor actor in played.Actors)
        {
            ProcessTrace trace = Trace(actor);
            HashSet<Key> keys = [];
            int firstView = int.MaxValue;
            foreach (ref readonly TraceEvent e in trace.Events)
            {
                if (e.Kind != TraceKind.Deliver)
                    continue;
                Delivered++;
                var key = new Key(e.Sender, e.MessageView, e.Sequence);
                if (!keys.Add(key) && Duplicates++ == 0)
                    FirstDuplicate = $"{Text(key)} at {actor.Name}";
            }
            foreach (ref readonly TraceEvent e in trace.Events)
                if (e.Kind == TraceKind.GroupView && e.GroupNumber < firstView && IsMember(trace, e))
                    firstView = e.GroupNumber;
            if (actor.Killed)
                continue;
            survivors.Add((actor, keys, firstView));
            foreach (ref readonly TraceEvent e in trace.Events)
                if (e.Kind == TraceKind.Deliver)
                    promised[new Key(e.Sender, e.MessageView, e.Sequence)] = e.GroupNumber;
        }
        Promised = promised.Count;
        foreach (Actor actor in played.Actors)
        {
            ProcessTrace trace = Trace(actor);
            foreach (ref readonly TraceEvent e in trace.Events)
                if (e.Kind == TraceKind.Send && e.Sequence <= actor.Safe.GetValueOrDefault(e.View))
                {
                    SafeChecked++;
                    promised.TryAdd(new Key(trace.Index, e.View, e.Sequence), e.GroupNumber);
                }
        }
        foreach ((Key key, int view) in promised)
            foreach ((Actor actor, HashSet<Key> keys, int firstView) in survivors)
                if (view >= firstView && !keys.Contains(key) && Lost++ == 0)
                    FirstLost = $"{Text(key)} at {actor.Name}";
    }

    /// <summary>Deliveries at all processes.</summary>
    public long Delivered { get; }

    public long Promised { get; }

    public long SafeChecked { get; }

    public long Lost { get; }

    public long Duplicates { get; }

    public string FirstLost { get; } = "";

    public string FirstDuplicate { get; } = "";

    private bool IsMember(ProcessTrace trace, in TraceEvent view)
    {
        foreach (int member in _history.Detail(view.Detail).Members)
            if (_history.MemberAt(member).Process == trace.Index)
                return true;
        return false;
    }

    private ProcessTrace Trace(Actor actor) => _history.Processes.First(trace => trace.Count > 0 && trace.Id.Name == actor.Name);

    private string Text(Key key) => string.Create(CultureInfo.InvariantCulture, $"{_history.Processes[key.Sender].Id}:{key.View}:{key.Sequence}");
}
