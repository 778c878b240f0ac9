using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Testing.Kit;

/// <summary>Calls a handler with a payload, and tells the payload in words.</summary>
internal abstract class KitHandler
{
    public abstract ValueTask Handle(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct);

    public abstract string Describe(ReadOnlySequence<byte> payload);
}

internal sealed class KitTypedHandler<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, IMessageSerializer serializer) : KitHandler
{
    public override ValueTask Handle(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct) =>
        handler(serializer.Deserialize<T>(payload), context, ct);

    public override string Describe(ReadOnlySequence<byte> payload)
    {
        string text = serializer.Deserialize<T>(payload)?.ToString() ?? "";
        return text.StartsWith(typeof(T).Name, StringComparison.Ordinal) ? text : $"{typeof(T).Name} {text}";
    }
}

internal sealed class KitBytesHandler(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler) : KitHandler
{
    private const int Shown = 16;

    public override ValueTask Handle(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct) => handler(payload, context, ct);

    public override string Describe(ReadOnlySequence<byte> payload)
    {
        byte[] bytes = payload.ToArray();
        return $"{bytes.Length} bytes {Convert.ToHexString(bytes.AsSpan(0, Math.Min(Shown, bytes.Length)))}{(bytes.Length > Shown ? "…" : "")}";
    }
}
