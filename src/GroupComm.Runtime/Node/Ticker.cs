using System;
using System.Threading;
using GroupComm.Core;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Turn;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Node;

/// <summary>The node's only timer. Besides telling the core the time it looks after threads: a reading thread that has been
/// in a handler for too long loses its link, which is dialled anew and read by another.</summary>
internal sealed class Ticker(TurnLoop loop, LinkManager links, CoreTimes times, ILogger log) : IDisposable
{
    // Well below the time after which the silence of the link is suspected; a busy machine may stop any thread for a while.
    private readonly long _longestPump = Math.Clamp(times.Suspicion / 8, 50, 1000);

    private readonly TickInput _tick = new();
    private Timer? _timer;

    public void Start() => _timer = new Timer(static self => ((Ticker)self!).Tick(), this, times.Tick, times.Tick);

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        long now = Clock.Now;
        foreach (PeerLink link in links.Table.All)
        {
            if (link.PumpingSince is not (> 0 and long since) || now - since < _longestPump)
                continue;
            RuntimeLog.ReaderTaken(log, link.Peer!.Node, _longestPump);
            links.GiveUp(link, "its reading thread is busy in a handler");
        }
        loop.Bring(_tick, TurnSource.Borrowed);
    }
}
