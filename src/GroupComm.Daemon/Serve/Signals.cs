using System;
using System.Runtime.InteropServices;
using System.Threading;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Serve;

/// <summary>The first SIGTERM or SIGINT asks to leave, the second exits at once.</summary>
internal sealed class Signals : IDisposable
{
    private static readonly TimeSpan s_last = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeSpan _limit;
    private int _count;

    /// <param name="limit">After that long (and a little) the process ends whatever hangs.</param>
    public Signals(TimeSpan limit)
    {
        _limit = limit + TimeSpan.FromSeconds(2);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];
    }

    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(Exit.Interrupted);
        var last = new Thread(() =>
        {
            Thread.Sleep(_limit);
            // Whoever reads the text may have stopped reading: the end must not wait for it.
            var said = new Thread(static () => Console.Error.WriteLine("groupcomm serve: did not leave in time; the others will notice")) { IsBackground = true };
            said.Start();
            said.Join(s_last);
            Environment.Exit(Exit.Ok);
        })
        { IsBackground = true };
        last.Start();
        ThreadPool.UnsafeQueueUserWorkItem(static self => self._asked.Cancel(), this, preferLocal: false);
    }
}
