using System;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>What becomes of one multicast. The tasks are made only when read.</summary>
public readonly struct SendReceipt : IEquatable<SendReceipt>
{
    private readonly ISendReceiptSource? _source;

    internal SendReceipt(MessageId id, ISendReceiptSource source)
    {
        Id = id;
        _source = source;
    }

    /// <summary>The message's identity.</summary>
    public MessageId Id { get; }

    /// <summary>This node delivered it at its place, member or not. Fails with <see cref="OutcomeUnknownException"/> when
    /// the node was excluded or stopped first.</summary>
    public Task Delivered => Source.WhenDelivered(Id);

    /// <summary>Held by more than half of its view and inside every later cut, whatever its order: it survives.</summary>
    public Task Safe => Source.WhenSafe(Id);

    /// <summary>On disk at more than half. Fails with <see cref="NotSupportedException"/> in a group that is not durable.</summary>
    public Task Durable => Source.WhenDurable(Id);

    private ISendReceiptSource Source => _source ?? throw new InvalidOperationException("an empty receipt has no stages");

    /// <inheritdoc/>
    public bool Equals(SendReceipt other) => Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SendReceipt other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>Whether both name the same message.</summary>
    public static bool operator ==(SendReceipt left, SendReceipt right) => left.Equals(right);

    /// <summary>Whether they name different messages.</summary>
    public static bool operator !=(SendReceipt left, SendReceipt right) => !left.Equals(right);
}

internal interface ISendReceiptSource
{
    Task WhenDelivered(MessageId id);

    Task WhenSafe(MessageId id);

    Task WhenDurable(MessageId id);
}
