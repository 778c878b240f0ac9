using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Fuzz.Tests.Decoders;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>Whose turn it is: who has waited longest, and whoever has reached the goal only when all have.</summary>
internal sealed class Turns(IReadOnlyList<Decoder> decoders, Func<Decoder, bool> reached)
{
    private readonly List<Decoder> _waiting = [.. decoders];

    /// <returns>Null: others search what there is.</returns>
    public Decoder? Take()
    {
        lock (_waiting)
        {
            Decoder? next = _waiting.FirstOrDefault(each => !reached(each)) ?? _waiting.FirstOrDefault();
            if (next is not null)
                _waiting.Remove(next);
            return next;
        }
    }

    public void Return(Decoder decoder)
    {
        lock (_waiting)
            _waiting.Add(decoder);
    }
}
