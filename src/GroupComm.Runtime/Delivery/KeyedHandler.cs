using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>A handler of a type with conflict keys: its messages are read in order and handled side by side.</summary>
internal abstract class KeyedHandler : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct) =>
        throw new InvalidOperationException("messages with conflict keys are handled through their schedule");

    /// <summary>A message to fill; by the pump.</summary>
    public abstract KeyedMessage Rent(Member member, KeyedWork work);

    /// <summary>The key of a payload as text, for the trace; null when it has none.</summary>
    public abstract string? KeyText(in ReadOnlySequence<byte> payload);
}

/// <inheritdoc/>
internal sealed class KeyedHandler<T>(
    Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?> conflictKey, IMessageSerializer serializer) : KeyedHandler
{
    private readonly Lock _lock = new();
    private readonly Stack<Message> _idle = new();

    public override KeyedMessage Rent(Member member, KeyedWork work)
    {
        lock (_lock)
        {
            if (_idle.TryPop(out Message? message))
                return message;
        }
        return new Message(this, member, work);
    }

    public override string? KeyText(in ReadOnlySequence<byte> payload)
    {
        try
        {
            object? key = conflictKey(serializer.Deserialize<T>(payload));
            return key is IFormattable text ? text.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : key?.ToString();
        }
        catch (Exception)
        {
            return null; // conflicts with everything; its handling tells the rest
        }
    }

    private sealed class Message(KeyedHandler<T> owner, Member member, KeyedWork work) : KeyedMessage(member, work)
    {
        private T _value = default!;

        protected override object? ReadKey(in ReadOnlySequence<byte> payload)
        {
            try
            {
                _value = owner.Serializer.Deserialize<T>(payload);
            }
            catch (Exception error)
            {
                throw new UndecodableException(error);
            }
            return owner.ConflictKey(_value);
        }

        protected override ValueTask Call(MessageContext context, CancellationToken ct) => owner.Handler(_value, context, ct);

        protected override void Return()
        {
            _value = default!;
            lock (owner._lock)
                owner._idle.Push(this);
        }
    }

    private Func<T, MessageContext, CancellationToken, ValueTask> Handler => handler;

    private Func<T, object?> ConflictKey => conflictKey;

    private IMessageSerializer Serializer => serializer;
}
