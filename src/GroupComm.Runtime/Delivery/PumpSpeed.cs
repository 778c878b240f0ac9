using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// Decides whether a member's handlers may run on a thread that reads a socket. A member begins on the pool and has to
/// prove itself: so many units in a row without waiting and within the limit. One slow unit starts the proof anew.
/// </summary>
internal sealed class PumpSpeed
{
    private const int Proof = 64;
    private const int LongestProof = 4096;

    private static readonly long SlowUnit = Clock.Microseconds(1000);
    private static readonly long SlowMessage = Clock.Microseconds(50);

    private int _needed = Proof;
    private int _quickUnits;

    public bool IsQuick => _quickUnits >= _needed;

    /// <summary>A unit of so many messages took so many ticks.</summary>
    public void Handled(long ticks, int messages)
    {
        if (ticks > SlowUnit && ticks > messages * SlowMessage)
            Waited();
        else if (_quickUnits < _needed)
            _quickUnits++;
    }

    /// <summary>The handler was slow or did not complete at once.</summary>
    public void Waited()
    {
        if (IsQuick && _needed < LongestProof)
            _needed *= 2;
        _quickUnits = 0;
    }
}
