using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

/// <summary>The user's application on a simulated cluster: processes that set themselves up, handle and send. The first finding
/// of a schedule ends it.</summary>
internal sealed partial class KitApp(SimulationOptions options, Func<ISimulatedNode, Task<SimulatedReplica>> setup, IMessageSerializer serializer) : ISimApp
{
    // A process whose join failed by the group's fault tries again after so many virtual microseconds.
    private const long SetupAgain = 50_000;

    private readonly KitProcess?[] _processes = new KitProcess?[16];
    private long _entered;

    public SimCluster Cluster { get; private set; } = null!;

    public KitPump Pump { get; } = new();

    public KitStates States { get; } = new();

    public IMessageSerializer Serializer => serializer;

    public ulong Seed { get; private set; }

    /// <summary>False: replicas are not compared and messages not described, for programs that are judged by something else.</summary>
    public bool Compares { get; set; } = true;

    public long Handled { get; set; }

    /// <summary>When the call of user code that has not returned began, in milliseconds of the machine; 0: none.</summary>
    public long CallBegan => Volatile.Read(ref _entered);

    public KitProcess? ProcessOf(SimNode node) => _processes[node.Index];

    public void Entered() => Volatile.Write(ref _entered, Environment.TickCount64);

    public void Left() => Volatile.Write(ref _entered, 0);

    public void Tell(string text) => Cluster.Story?.Invoke(Cluster.Now, KitStory.Own + text);

    public void Begin(SimCluster cluster)
    {
        (Cluster, Seed, _finding) = (cluster, cluster.Seed, null);
        Array.Clear(_processes);
        States.Clear();
        Pump.Begin();
    }

    public void Started(SimNode node, bool sameProcess)
    {
        if (sameProcess)
        {
            _processes[node.Index]!.Return();
            return;
        }
        var process = new KitProcess(this, node);
        _processes[node.Index] = process;
        process.Later(0, () => SetUp(process));
    }

    private void SetUp(KitProcess process)
    {
        Task<SimulatedReplica>? task = null;
        process.Call("setup", null, () => new ValueTask(task = setup(process)), error =>
        {
            if (error is GroupCommException)
            {
                Tell($"the setup of {process.Name} failed: {error.Message}");
                if (!process.HasLeft)
                    process.Later(SetupAgain, () => SetUp(process));
            }
            else if (error is not null)
                Failed(process, "setup", error, always: true);
            else
                Watch(process, task!.Result);
        });
    }

    private void Watch(KitProcess process, SimulatedReplica replica)
    {
        process.Replica = replica;
        if (!Compares)
            return;
        foreach (KitMember member in process.Members)
            if (ReferenceEquals(member.Group, replica.Group))
                member.Watch(replica.Digest);
    }

    public GroupChange JoinChange(SimNode node, string group, int slot)
    {
        foreach (KitMember member in _processes[node.Index]!.Members)
            if (member.Name == group)
                return KitProcess.JoinChange(member, slot);
        throw new InvalidOperationException($"nobody asked to join {group}");
    }

    public void Carries(SimNode node, in Effect effect) => _processes[node.Index]!.Carries(effect);

    public void GroupView(SimNode node, InstalledGroupView installed) => _processes[node.Index]!.GroupView(installed);

    public void Capture(SimNode node, SimTransfer transfer)
    {
        foreach (KitMember member in _processes[node.Index]!.Members)
            if (node.FindGroup(member.Name)?.Number == transfer.Group)
                member.Push(new KitCapture(transfer, node.Life));
    }

    public void Restore(SimNode node, SimTransfer transfer)
    {
        KitProcess process = _processes[node.Index]!;
        foreach (KitMember member in process.Members)
            if (member.Slot == transfer.Slot)
                process.Later(0, () => member.BeginRestore(transfer));
    }

    public void Run(SimNode node, object work)
    {
        (KitProcess process, Action action) = ((KitProcess, Action))work;
        if (process.Runs)
            Do(action);
    }

    public void RunClient(SimNode node)
    {
        KitProcess process = _processes[node.Index]!;
        SimRandom random = Cluster.Random;
        int count = random.Between(1, Cluster.Mix.MaxBurst);
        for (int i = 0; i < count && process.Replica is { Client: { } client } replica && !process.ClientRuns && replica.Group.Status == GroupStatus.Active; i++)
        {
            Occasion outer = random.Enter(OccasionKind.Send, node.Index);
            if (!random.IsCutOut)
            {
                var draws = new Random(random.Below(int.MaxValue));
                process.ClientRuns = true;
                Do(() => process.Call("the client", null, () => new ValueTask(client(draws)), error =>
                {
                    process.ClientRuns = false;
                    if (error is not (null or GroupCommException or OperationCanceledException) && !(error is InvalidOperationException && replica.Group is KitGroup { IsLeaving: true }))
                        Failed(process, "the client", error, always: true);
                }));
            }
            random.Leave(outer);
        }
    }

    public bool IsBusy(SimNode node) => _processes[node.Index]!.IsBusy();

    /// <summary>Does something, and what becomes ready by it; then a finding ends the schedule.</summary>
    private void Do(Action action)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
            Pump.Drain();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
        if (Pump.IsForeign)
            ReportForeign();
        if (_finding is { } finding)
            throw new SimAppException(finding.Rule, finding.Text);
    }
}
