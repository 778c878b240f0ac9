using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Testing.Tests.Kit;

public sealed record Add(int By);

/// <summary>A replica with every place at which a test may plant a defect.</summary>
internal sealed class Counter
{
    public long Sum { get; set; }

    public Func<Add, MessageContext, CancellationToken, ValueTask>? Handler { get; init; }

    /// <summary>What becomes of the state on its way to a joiner.</summary>
    public Func<long, long> Carry { get; init; } = static sum => sum;

    public DeliveryOrder Order { get; init; } = DeliveryOrder.Agreed;

    public bool HasState { get; init; } = true;

    public Func<IGroup, Random, Task>? Client { get; init; }

    public Action<IGroupBuilder>? Configure { get; init; }

    public async Task<SimulatedReplica> SetUpAsync(ISimulatedNode node)
    {
        IGroup group = await node.JoinAsync("counter", g =>
        {
            g.Register<Add>(Handler ?? ApplyAsync).OnReset(ResetAsync);
            if (HasState)
                g.RegisterState(CaptureAsync, RestoreAsync);
            Configure?.Invoke(g);
        });
        return new SimulatedReplica(group, Digest, random => Client is null ? SendAsync(group, random) : Client(group, random));
    }

    public string Digest() => $"{Sum}";

    private async Task SendAsync(IGroup group, Random random) => await group.SendAsync(new Add(random.Next(100)), Order);

    private ValueTask ApplyAsync(Add add, MessageContext context, CancellationToken ct)
    {
        Sum += add.By;
        return default;
    }

    private ValueTask ResetAsync(CancellationToken ct)
    {
        Sum = 0;
        return default;
    }

    private async Task CaptureAsync(Stream to, CancellationToken ct) => await to.WriteAsync(BitConverter.GetBytes(Sum), ct);

    private async Task RestoreAsync(Stream from, CancellationToken ct)
    {
        byte[] bytes = new byte[8];
        await from.ReadExactlyAsync(bytes, ct);
        Sum = Carry(BitConverter.ToInt64(bytes));
    }
}
