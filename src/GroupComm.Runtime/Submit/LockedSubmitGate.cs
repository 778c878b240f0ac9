using System.Threading;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Runtime.Submit;

/// <summary>The gate between the threads of the application and the core: a short lock per message.</summary>
internal sealed class LockedSubmitGate(BlockSource blocks, int window, SendQueue queue) : SubmitGate(blocks, window)
{
    private readonly Lock _lock = new();

    protected override void Enter() => _lock.Enter();

    protected override void Exit() => _lock.Exit();

    // Inside the lock: waiting sends are only marked here and tried again after the turn.
    protected override void Opened() => queue.MarkOpened();
}
