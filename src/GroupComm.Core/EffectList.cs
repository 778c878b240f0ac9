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

    public void Send(NodeId to, Message message) => Add(new Effect(EffectKind.Send, to, message));

    public void Broadcast(Message message) => Add(new Effect(EffectKind.Broadcast, default, message));

    public void Clear()
    {
        _items.AsSpan(0, Count).Clear();
        Count = 0;
    }
}
