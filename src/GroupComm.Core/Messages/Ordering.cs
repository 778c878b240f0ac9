using System;

namespace GroupComm.Core.Messages;

/// <summary>
/// The next <paramref name="Count"/> numbers go to the agreed and safe sequences of stream <paramref name="Rank"/> that
/// have none yet, up to <paramref name="UpTo"/>.
/// </summary>
internal readonly record struct OrderRun(int Rank, long UpTo, int Count);

/// <summary>Numbers <paramref name="first"/>, <paramref name="first"/> + 1 … of the sequencer, as runs.</summary>
internal sealed class Orders(ViewKey view, long first, OrderRun[] runs) : Message(view)
{
    public override MessageKind Kind => MessageKind.Orders;

    public long First { get; } = first;

    public ReadOnlySpan<OrderRun> Runs => runs;
}

/// <summary>
/// What the sender of this holds; every field is cumulative, so a later one says all that an earlier one said.
/// </summary>
internal sealed class Ack(ViewKey view, long ordered, long[] held, long[] consumed, bool priorConsumed) : Message(view)
{
    public override MessageKind Kind => MessageKind.Ack;

    /// <summary>Holds the orders up to here with bodies, prefixes and causal past: counts for safe delivery.</summary>
    public long Ordered { get; } = ordered;

    /// <summary>Per rank: holds the stream up to here with its causal past.</summary>
    public ReadOnlySpan<long> Held => held;

    /// <summary>Per rank: the application has consumed the stream up to here.</summary>
    public ReadOnlySpan<long> Consumed => consumed;

    /// <summary>The application has consumed everything of the views before this one.</summary>
    public bool PriorConsumed { get; } = priorConsumed;
}

/// <summary>Asks the receiver to send its stream from <paramref name="stream"/> and, of the sequencer, orders from <paramref name="orders"/>.
/// 0 asks for nothing; 0 and 0: for an acknowledgement at once.</summary>
internal sealed class Resume(ViewKey view, long stream, long orders) : Message(view)
{
    public override MessageKind Kind => MessageKind.Resume;

    public long Stream { get; } = stream;

    public long Orders { get; } = orders;
}
