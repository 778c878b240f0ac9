using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Runtime.Delivery;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

/// <summary>A call of user code that has not ended.</summary>
internal sealed record KitCall(string What, string Where, long Began, bool IsHandler);

/// <summary>
/// A process with one node: what user code made in it lives until the process ends, over the lives of its node. Whatever is to
/// be done comes as an event of virtual time, so that a process that is gone or stands still does nothing.
/// </summary>
internal sealed partial class KitProcess
{
    private readonly Dictionary<(ViewKey View, int Rank), Queue<KitUnit>> _units = [];
    private readonly SortedList<string, KitMember> _members = new(StringComparer.Ordinal);
    private bool _creditDue;

    public KitProcess(KitApp app, SimNode node)
    {
        (App, Node, Name) = (app, node, $"{node.Id}");
        Time = new KitTime(this);
        Random = new Random((int)(KitHistory.Hash($"{app.Seed}/{node.Id}") & int.MaxValue));
        Sends = new KitSends(this);
        Sends.Receipts.Begin(node.Id);
    }

    public KitApp App { get; }

    public SimNode Node { get; }

    public string Name { get; private set; }

    public SimCluster Cluster => App.Cluster;

    public KitPump Pump => App.Pump;

    public KitSends Sends { get; }

    /// <summary>The member whose handler runs, wherever it awaits.</summary>
    public AsyncLocal<KitMember?> Scope { get; } = new();

    /// <summary>What user code awaits on virtual time.</summary>
    public int Waits { get; set; }

    public List<KitCall> Calls { get; } = [];

    /// <summary>The last call of the client has not ended.</summary>
    public bool ClientRuns { get; set; }

    public SimulatedReplica? Replica { get; set; }

    /// <summary>It left and may end what it does.</summary>
    public bool HasLeft { get; private set; }

    public bool Runs => App.ProcessOf(Node) == this && (Node.Alive || HasLeft);

    public long Now => Cluster.Now;

    public IEnumerable<KitMember> Members => _members.Values;

    public void Later(long delay, Action work) => Cluster.Later(Node, delay, (this, work));

    public void CheckThread()
    {
        if (!Pump.IsHere)
            throw new InvalidOperationException(
                "the simulation has one thread, and this call came from another: no Task.Run, no thread, and no ConfigureAwait(false) over something that waits, in what runs in the kit");
    }

    /// <summary>Calls user code; <paramref name="end"/> comes when it has ended, with what it threw.</summary>
    public void Call(string what, KitMember? member, Func<ValueTask> code, Action<Exception?> end)
    {
        KitCall call = new(what, member is null ? Name : $"{member.Self}", Now, member is not null);
        Calls.Add(call);
        KitMember? before = Scope.Value;
        Scope.Value = member;
        App.Entered();
        ValueTask task = Pump.Enter(() =>
        {
            try
            {
                return code();
            }
            catch (Exception error)
            {
                return ValueTask.FromException(error);
            }
        });
        App.Left();
        Scope.Value = before;
        if (task.IsCompleted)
            End(task);
        else
            Pump.Enter(() =>
            {
                Task open = task.AsTask();
                open.GetAwaiter().UnsafeOnCompleted(() => End(new ValueTask(open)));
                return true;
            });

        void End(ValueTask ended)
        {
            Calls.Remove(call);
            try
            {
                ended.GetAwaiter().GetResult();
            }
            catch (Exception error)
            {
                end(error);
                return;
            }
            end(null);
        }
    }

    /// <summary>Credit is given in the node's next turn.</summary>
    public void CreditLater()
    {
        if (_creditDue)
            return;
        _creditDue = true;
        Later(0, Credit);
    }

    private void Credit()
    {
        _creditDue = false;
        foreach (((ViewKey view, int rank), Queue<KitUnit> stream) in _units)
        {
            long upTo = 0;
            int life = 0;
            while (stream.TryPeek(out KitUnit? unit) && unit.Open == 0)
                (upTo, life) = (unit.UpTo, stream.Dequeue().Life);
            if (upTo > 0 && life == Node.Life)
                Cluster.Handled(Node, view, rank, upTo);
        }
    }

    private KitUnit OpenUnit(ViewKey view, int rank, long upTo)
    {
        if (!_units.TryGetValue((view, rank), out Queue<KitUnit>? stream))
            _units.Add((view, rank), stream = new Queue<KitUnit>());
        var unit = new KitUnit(Node.Life, view, rank, upTo);
        stream.Enqueue(unit);
        return unit;
    }

    public void Leave() => HasLeft = true;

    public bool IsBusy()
    {
        foreach (KitMember member in Members)
            if (member.IsBusy)
                return true;
        return false;
    }
}
