using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Gateway;

/// <summary>
/// A client of the gateway, across its connections: counts what it received, has it carried out in order, and says how far that
/// is. Invariant: <see cref="Handled"/> never passes a frame that is not carried out.
/// </summary>
internal sealed class GatewaySession
{
    private const int MostWaiting = 16_384;

    private readonly Channel<(GatewayFrame Frame, long Number, int Bytes)> _waiting =
        Channel.CreateUnbounded<(GatewayFrame, long, int)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly long _mostBytes;
    private readonly Lock _lock = new();
    private readonly Requests _requests;
    private readonly CancellationTokenSource _over = new();
    private long _received;
    private long _handled;
    private long _waitingBytes;
    private int _waitingCount;

    public GatewaySession(byte[] id, Hello hello, GatewayNode node, int daemonWindow)
    {
        (Id, Client, Grace) = (id, hello.Client, TimeSpan.FromMilliseconds(hello.Grace));
        Outbox = new Outbox(hello.Window);
        _mostBytes = daemonWindow + node.Port.MaxMessageSize + (2L * GatewayLimits.Head);
        _requests = new Requests(node, Outbox, _over.Token);
        _ = RunAsync();
    }

    public byte[] Id { get; }

    public string Client { get; }

    public TimeSpan Grace { get; set; }

    public Outbox Outbox { get; }

    /// <summary>The connection that it has; changed under the lock of the table too.</summary>
    public GatewayConnection? Connection { get; private set; }

    /// <summary>When its grace ends, in milliseconds of the environment's clock.</summary>
    public long GraceEnds { get; set; } = long.MaxValue;

    /// <summary>So many of them are carried out.</summary>
    public long Handled
    {
        get
        {
            lock (_lock)
                return _handled;
        }
    }

    /// <summary>A connection takes over, or none is left.</summary>
    /// <returns>Counted frames that the client has sent so far; none is taken from the connection before any more.</returns>
    public long Attach(GatewayConnection? connection)
    {
        lock (_lock)
        {
            Connection = connection;
            return _received;
        }
    }

    /// <summary>Takes a counted frame. Never waits.</summary>
    /// <param name="from">Where it came.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="BadFrameException">It is not a request, or breaks a limit.</exception>
    public void Receive(GatewayConnection from, GatewayFrame frame, int bytes)
    {
        if (frame is not (Send or SendTo or Query or Reply or Part or GroupComm.Gateway.Protocol.End or Join or Numbered { Kind: FrameKind.Leave or FrameKind.Barrier }))
            throw new BadFrameException($"{frame.Kind} is not for a client to send");
        bool atOnce = frame is Reply || (frame is Send send && send.Flags.HasFlag(SendFlags.InHandler));
        lock (_lock)
        {
            if (Connection != from)
                throw new OperationCanceledException("another connection has taken over: it sends this frame again");
            _received++;
            if (atOnce && _waitingCount == 0)
                _handled = _received;
            if (!atOnce && (++_waitingCount > MostWaiting || (_waitingBytes += bytes) > _mostBytes))
                throw new BadFrameException("more requests wait than the window allows");
            if (!atOnce)
                _waiting.Writer.TryWrite((frame, _received, bytes));
        }
        if (atOnce)
            _requests.DoAtOnce(frame);
    }

    /// <summary>The member leaves; nothing more is carried out.</summary>
    public void End()
    {
        Outbox.Close();
        _waiting.Writer.TryComplete();
        _over.Cancel();
        _requests.End();
    }

    private async Task RunAsync()
    {
        await foreach ((GatewayFrame frame, long number, int bytes) in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_over.IsCancellationRequested)
                return;
            await _requests.DoAsync(frame).ConfigureAwait(false);
            lock (_lock)
            {
                _waitingBytes -= bytes;
                _handled = --_waitingCount == 0 ? _received : number;
            }
            Connection?.Wake();
        }
    }
}
