using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Testing.Kit;

// The process as its application sees it.
internal sealed partial class KitProcess : ISimulatedNode
{
    private readonly List<KitTask<bool>> _primary = [];
    private readonly List<KitTask<bool>> _leaving = [];
    private readonly List<(long Number, KitMember Member, KitTask<bool> Task)> _reads = [];
    private readonly List<Channel<View>> _viewReaders = [];

    public TimeProvider Time { get; }

    public Random Random { get; }

    public ulong Seed => App.Seed;

    public NodeId Id => Node.Id;

    public View? View { get; private set; }

    public bool IsPrimary => Node.Alive && Node.Primary;

    public Task WaitForPrimaryAsync(CancellationToken ct = default)
    {
        CheckThread();
        if (IsPrimary)
            return Task.CompletedTask;
        var task = new KitTask<bool>(this, ct);
        _primary.Add(task);
        return task.Task;
    }

    public Task<IGroup> JoinAsync(string group, Action<IGroupBuilder> configure, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(configure);
        CheckThread();
        if (Scope.Value is not null)
            throw new InvalidOperationException("a group cannot be joined inside a handler, which would hold up what the join waits for");
        if (_members.ContainsKey(group))
            throw new NotSupportedException($"the kit has one member per node and group, and this node has one in '{group}'");
        var builder = new KitBuilder();
        configure(builder);
        IMessageSerializer own = builder.Options.Serializer ?? App.Serializer;
        builder.Build(own);
        var member = new KitMember(this, group, builder, own, ct);
        _members.Add(group, member);
        if (HasLeft || Cluster.Join(Node, group, slot => JoinChange(member, member.Slot = slot)) == 0)
        {
            _members.Remove(group);
            member.FailJoin(new JoinException(JoinStep.Admission, "the node has left the cluster"));
        }
        return member.Joined;
    }

    public static GroupChange JoinChange(KitMember member, int slot)
    {
        GroupOptions options = member.Builder.Options;
        bool provider = member.Builder.Capture is not null;
        return new GroupChange(true, member.Name, slot, member.MemberName, new GroupTraits(options.Open, options.AgreedOnly, provider && options.StartEmptyWhenStateIsLost), "join", provider);
    }

    public ValueTask<SendReceipt> SendBytesAsync(string group, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default)
    {
        CheckThread();
        Runtime.Submit.SendCheck.Order(order);
        return Sends.Send(group, 0, null, order, payload.ToArray(), Scope.Value is not null, ct);
    }

    public IAsyncEnumerable<View> ReadViewsAsync(CancellationToken ct = default)
    {
        CheckThread();
        Channel<View> channel = Channel.CreateUnbounded<View>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
        if (View is not null)
            channel.Writer.TryWrite(View);
        _viewReaders.Add(channel);
        return ReadAsync(channel, ct);
    }

    private static async IAsyncEnumerable<View> ReadAsync(Channel<View> channel, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (View view in channel.Reader.ReadAllAsync(ct))
            yield return view;
    }

    public Task LeaveAsync(CancellationToken ct = default)
    {
        CheckThread();
        if (HasLeft || !Node.Alive)
            return Task.CompletedTask;
        var left = new KitTask<bool>(this, ct);
        _leaving.Add(left);
        Cluster.LeaveCluster(Node);
        return left.Task;
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    public Task ReadAsync(KitMember member, CancellationToken ct)
    {
        long number = Cluster.Read(Node, out string? refusal);
        if (refusal is not null)
            return Task.FromException(new NotPrimaryException(refusal));
        var task = new KitTask<bool>(this, ct);
        _reads.Add((number, member, task));
        return task.Task;
    }

    private void ServeReads(long upTo, string? refusal)
    {
        foreach ((long number, KitMember member, KitTask<bool> task) in _reads.ToArray())
        {
            if (number > upTo)
                continue;
            _reads.Remove((number, member, task));
            if (refusal is not null)
                task.Fail(new NotPrimaryException(refusal));
            else
                member.Push(new KitMark(() => task.Done(true))); // after all that is before it in the queue
        }
    }

    private void Install(InstalledView installed)
    {
        View = new View(
            installed.Key.Id, installed.Key.Epoch,
            [.. installed.Members.Select((member, rank) => new ViewMember(member.Id, member.Address, rank))],
            [.. installed.Departed.Select(departed => new DepartedNode(departed.Id, departed.Reason))],
            installed.Transitional);
        Sends.Away = null;
        Sends.Receipts.Install(installed.Key.Id);
        foreach (Channel<View> reader in _viewReaders)
            reader.Writer.TryWrite(View);
        BePrimary();
    }

    private void BePrimary()
    {
        foreach (KitTask<bool> waiting in _primary)
            waiting.Done(true);
        _primary.Clear();
    }
}
