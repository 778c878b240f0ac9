using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Testing.Kit;

/// <summary>Virtual time as a process measures it.</summary>
internal sealed class KitTime(KitProcess process) : TimeProvider
{
    private const long MicrosecondsToTicks = 10;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override long GetTimestamp() => process.Now * MicrosecondsToTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new KitTimer(process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class KitTimer(KitProcess process, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private int _setting;
        private bool _open;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            process.CheckThread();
            Close();
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Set(dueTime);
            return true;
        }

        public void Dispose() => Close();

        public ValueTask DisposeAsync()
        {
            Close();
            return ValueTask.CompletedTask;
        }

        private void Close()
        {
            _setting++;
            process.Waits -= _open ? 1 : 0;
            _open = false;
        }

        private void Set(TimeSpan dueTime)
        {
            int setting = ++_setting;
            _open = true;
            process.Waits++;
            process.Later(Math.Max(1, dueTime.Ticks / MicrosecondsToTicks), () =>
            {
                if (setting != _setting)
                    return;
                Close();
                if (_period > TimeSpan.Zero)
                    Set(_period);
                callback(state);
            });
        }
    }
}
