using System;

namespace GroupComm.Transport;

/// <summary>Waits between attempts: doubling from 20 ms to 2 s, each drawn from the upper half of its step so that
/// peers which failed together do not retry together. Same random source, same waits.</summary>
internal sealed class Backoff(Random random)
{
    /// <summary>The shortest wait.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(2);

    private TimeSpan _step = Min;

    /// <summary>Waits that a seed determines.</summary>
    public Backoff(int seed) : this(new Random(seed)) { }

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        _step = _step * 2 < Max ? _step * 2 : Max;
        return _step * (0.5 + (random.NextDouble() / 2));
    }

    /// <summary>After a success: starts small again.</summary>
    public void Reset() => _step = Min;
}
