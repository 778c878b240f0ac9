using System;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// A small generator (xorshift64*) whose whole state is the seed: one seed, one schedule. With a <see cref="Tape"/> the draws
/// are also written down, each under the occasion at which it was made, or come from the tape instead of the seed.
/// </summary>
internal sealed class SimRandom(ulong seed, Tape? tape = null)
{
    private const int Never = 999;

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
    public int Below(int below) => On(tape, Draw(below), below, 0);

    /// <summary><paramref name="from"/> … <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    /// <summary>True in so many of a thousand cases.</summary>
    public bool Chance(int perMille) => On(tape, Draw(1000), 1000, Never) < perMille;

    // A replay draws too, so that what forks from this generator is what it was when the tape was written.
    private static int On(Tape? tape, int drawn, int below, int otherwise) =>
        tape is null ? drawn : tape.IsReplay ? tape.Replayed(below, otherwise) : tape.Recorded(drawn);

    /// <summary>An index with the chance that its weight gives it. A tape keeps the index, so that it stays when weights change.</summary>
    public int Pick(ReadOnlySpan<int> weights, int sum)
    {
        int at = Draw(sum);
        if (tape is { IsReplay: true })
            return tape.Replayed(weights.Length, 0);
        for (int i = 0; ; i++)
        {
            if (at < weights[i])
                return tape is null ? i : tape.Recorded(i);
            at -= weights[i];
        }
    }

    /// <summary>From here on draws belong to this occasion; answers the one before, for <see cref="Leave"/>.</summary>
    public Occasion Enter(OccasionKind kind, int a = 0, int b = 0) => tape is null ? default : tape.Enter(kind, a, b);

    /// <summary>Back to the occasion around it.</summary>
    public void Leave(in Occasion outer) => tape?.Leave(outer);

    /// <summary>The occasion is not on the tape: what it would do is left out.</summary>
    public bool IsCutOut => tape is { IsReplay: true, IsCutOut: true };

    private int Draw(int below) => (int)((Next() >> 33) % (ulong)Math.Max(1, below));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return z == 0 ? 1 : z;
    }
}
