namespace GroupComm.Testing.Simulation;

/// <summary>A small generator (xorshift64*) whose whole state is the seed: one seed, one schedule.</summary>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = Mix(seed + 0x9E3779B97F4A7C15);

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    /// <summary>Another generator; this one does not advance, so what it draws later stays as it was.</summary>
    public SimRandom Fork() => new(_state);

    /// <summary>0 … <paramref name="below"/> - 1.</summary>
    public int Below(int below) => (int)((Next() >> 33) % (ulong)below);

    /// <summary><paramref name="from"/> … <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    /// <summary>True in so many of a thousand cases.</summary>
    public bool Chance(int perMille) => Below(1000) < perMille;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return z == 0 ? 1 : z;
    }
}
