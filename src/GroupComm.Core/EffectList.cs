using System;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

/// <summary>Effects of a turn, reused from turn to turn.</summary>
internal sealed class EffectList
{
    private Effect[] _items = new Effect[64];

    public int Count { get; private set; }

    public ref readonly Effect this[int index] => ref _items[index];

    public ReadOnlySpan<Effect> AsSpan() => _items.AsSpan(0, Count);

    public void Add(in Effect effect)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = effect;
    }

    public void Add(EffectKind kind) => Add(new Effect(kind));

    /// <summary>Holds what the message carries until <see cref="Clear"/>: what is sent again may become stable in the same turn.</summary>
    public void Send(NodeId to, Message message)
    {
        message.Retain();
        Add(new Effect(EffectKind.Send, to, message));
    }

    /// <inheritdoc cref="Send"/>
    public void Broadcast(Message message)
    {
        message.Retain();
        Add(new Effect(EffectKind.Broadcast, default, message));
    }

    public void Clear()
    {
        foreach (ref readonly Effect effect in AsSpan())
            if (effect.Kind is EffectKind.Send or EffectKind.Broadcast)
                effect.Message.Release();
        _items.AsSpan(0, Count).Clear();
        Count = 0;
    }
}
