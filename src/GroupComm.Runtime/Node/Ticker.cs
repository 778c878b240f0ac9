using System;
using System.Threading;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Turn;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Node;

/// <summary>The node's only timer. Besides telling the core the time it looks after threads: a reading thread that has been
/// in a handler for too long loses its link, which is dialled anew and read by another.</summary>
internal sealed class Ticker(TurnLoop loop, LinkManager links, int interval, ILogger log) : IDisposable
{
    private const long LongestPump = 50;

    private readonly TickInput _tick = new();
    private Timer? _timer;

    public void Start() => _timer = new Timer(static self => ((Ticker)self!).Tick(), this, interval, interval);

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        long now = Clock.Now;
        foreach (PeerLink link in links.Table.All)
        {
            if (link.PumpingSince is not (> 0 and long since) || now - since < LongestPump)
                continue;
            RuntimeLog.ReaderTaken(log, link.Peer!.Node, LongestPump);
            links.GiveUp(link, "its reading thread is busy in a handler");
        }
        loop.Bring(_tick, TurnSource.Borrowed);
    }
}
