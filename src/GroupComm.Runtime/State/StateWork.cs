using System;
using System.Threading;

namespace GroupComm.Runtime.State;

/// <summary>What came of a piece of work.</summary>
internal enum StateOutcome
{
    /// <summary>Under way.</summary>
    Open,

    /// <summary>Captured and sent, or restored.</summary>
    Done,

    /// <summary>This attempt failed; another one may not.</summary>
    Retry,

    /// <summary>The application's own delegate threw.</summary>
    Failed,
}

/// <summary>Something that a member does with its state at a place in its delivery order.</summary>
internal abstract class StateWork
{
    private readonly CancellationTokenSource _given = new();

    /// <summary>Cancelled when the work counts no more.</summary>
    public CancellationToken Given => _given.Token;

    /// <summary>From the core's owner: whatever hears of it runs on the pool.</summary>
    public void GiveUp() => _ = _given.CancelAsync();

    public StateOutcome Outcome { get; set; }

    /// <summary>What went wrong.</summary>
    public Exception? Error { get; set; }

    /// <summary>Of the bytes that were transferred.</summary>
    public ulong Digest { get; set; }

    public long Bytes { get; set; }
}

/// <summary>Capture the state here, and give it.</summary>
internal sealed class CaptureWork(StateKey key, GroupViewId view, Core.NodeInfo joiner) : StateWork
{
    public StateKey Key => key;

    public GroupViewId View => view;

    public Core.NodeInfo Joiner => joiner;
}

/// <summary>Restore the state of this place before anything behind it is handled.</summary>
/// <param name="key">The attempt.</param>
/// <param name="view">The group view at whose install the state is captured.</param>
/// <param name="fresh">The member has just joined; else it is another attempt.</param>
internal sealed class AwaitWork(StateKey key, GroupViewId view, bool fresh) : StateWork
{
    public StateKey Key => key;

    public GroupViewId View => view;

    public bool Fresh => fresh;
}

/// <summary>The state is lost: begin with none.</summary>
internal sealed class EmptyWork : StateWork;
