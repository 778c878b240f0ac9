using System.Diagnostics;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Children;

/// <summary>Lets so many through in a second; 0 is no limit. After a stall it does not catch up more than 50 ms.</summary>
internal sealed class Pace(int perSecond)
{
    private const double LongestCatchUp = 0.05;

    private long _last = Stopwatch.GetTimestamp();
    private double _credit = 1;

    /// <summary>False: wait a little and ask again.</summary>
    public bool TryTake()
    {
        if (perSecond == 0)
            return true;
        if (_credit < 1)
        {
            long now = Stopwatch.GetTimestamp();
            _credit = System.Math.Min(_credit + (Stopwatch.GetElapsedTime(_last, now).TotalSeconds * perSecond), 1 + (LongestCatchUp * perSecond));
            _last = now;
        }
        if (_credit < 1)
            return false;
        _credit--;
        return true;
    }

    /// <summary>A round: short enough to be a stream, long enough that a round's messages share frames and wake-ups.</summary>
    public static Task WaitAsync() => Task.Delay(10);
}
