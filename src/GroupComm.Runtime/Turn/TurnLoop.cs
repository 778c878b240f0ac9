using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Turn;

/// <summary>What a turn does and what comes after it; implemented by the node.</summary>
internal interface ITurn
{
    /// <summary>One whole turn, by the owner: inputs, end of turn, effects, flush. Must not throw.
    /// Members whose pump has to run are added to <paramref name="ready"/>.</summary>
    void Take(List<TurnInput> inputs, List<Member> ready);

    /// <summary>What the turns of this thread made ready, to be done without the core: pumps, waiting sends.
    /// <paramref name="source"/> says whose thread it is; <paramref name="busy"/>: more turns wait, hand the work on.</summary>
    void After(List<Member> ready, TurnSource source, bool busy);
}

/// <summary>Whose thread takes a turn: it decides what else the thread may be used for.</summary>
internal readonly record struct TurnSource(object? Reader, bool MayPump, bool OneTurn = false)
{
    /// <summary>A thread of the pool with nothing else to do.</summary>
    public static readonly TurnSource Pool = new(null, true);

    /// <summary>A thread that must not run handlers: the ticker, or a reader between two frames.</summary>
    public static readonly TurnSource Borrowed = new(null, false);

    /// <summary>A thread that must come back soon, the application's own or a pump's: one turn, the rest goes to the pool.</summary>
    public static readonly TurnSource OneTurnOnly = new(null, false, OneTurn: true);
}

/// <summary>
/// The core has one owner at a time. Whoever brings an input takes the turn when the core is free, otherwise leaves the
/// input to the owner, who looks again before letting go. Invariant: an input in the inbox or a kick always has an owner
/// or a queued work item that will see it.
/// </summary>
internal sealed class TurnLoop(ITurn turn) : IThreadPoolWorkItem
{
    // Turns in a row by one thread before the work that they made ready is handed to others.
    private const int TurnsInARow = 4;

    private static readonly long LoneKick = Clock.Microseconds(50);

    private readonly Lock _lock = new();
    private List<TurnInput> _inbox = [];
    private List<TurnInput> _work = [];
    private bool _running;
    private List<Member>? _spare;
    private volatile bool _kicked;
    private long _lastKick;

    /// <summary>Brings an input and takes the turn if the core is free.</summary>
    public void Bring(TurnInput input, TurnSource source)
    {
        lock (_lock)
        {
            _inbox.Add(input);
            if (_running)
                return;
            _running = true;
        }
        Run(source);
    }

    /// <summary>Leaves an input to the owner or to the pool; never runs anything on this thread.</summary>
    public void Leave(TurnInput input)
    {
        lock (_lock)
        {
            _inbox.Add(input);
            if (_running)
                return;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Something was submitted: one turn will see it, however many kicks come before. With
    /// <paramref name="mayTake"/> the caller takes the turn itself when the core is free and the last kick is a while ago: a
    /// lone message saves a hand-off, while many in a row meet in one turn of the pool.</summary>
    public void Kick(bool mayTake = false)
    {
        if (!_kicked)
            KickFirst(mayTake);
    }

    /// <summary>As <see cref="Kick"/>, but takes the turn on this thread if the core is free.</summary>
    public void TakeTurn(TurnSource source)
    {
        lock (_lock)
        {
            _kicked = true;
            if (_running)
                return;
            _running = true;
        }
        Run(source);
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            if (_running || (_inbox.Count == 0 && !_kicked))
                return;
            _running = true;
        }
        Run(TurnSource.Pool);
    }

    private void KickFirst(bool mayTake)
    {
        lock (_lock)
        {
            if (_kicked)
                return;
            _kicked = true;
            if (_running)
                return;
            long now = Stopwatch.GetTimestamp();
            mayTake &= now - _lastKick > LoneKick;
            _lastKick = now;
            if (mayTake)
                _running = true;
        }
        if (mayTake)
            Run(TurnSource.OneTurnOnly);
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Run(TurnSource source)
    {
        List<Member> ready = Interlocked.Exchange(ref _spare, null) ?? [];
        for (int turns = 1; ; turns++)
        {
            lock (_lock)
            {
                (_inbox, _work) = (_work, _inbox);
                _kicked = false;
            }
            turn.Take(_work, ready);
            _work.Clear();

            bool more;
            lock (_lock)
            {
                more = _kicked || _inbox.Count > 0;
                if (!more || source.OneTurn)
                    _running = false;
            }
            if (more && source.OneTurn)
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            if (!more || source.OneTurn)
                break;
            if (turns % TurnsInARow == 0)
            {
                turn.After(ready, source, busy: true);
                ready.Clear();
            }
        }
        turn.After(ready, source, busy: false);
        ready.Clear();
        _spare = ready;
    }
}
