using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Links;

/// <summary>One link over any byte channel. Its life is one task: OnOpened, receive until closing, OnClosed, then the end of the
/// connection. That task alone calls the sink, so calls never overlap; everybody else only leaves a reason and wakes it.</summary>
internal sealed class FrameLink : IFrameLink, IThreadPoolWorkItem
{
    private readonly LinkHost _host;
    private readonly IByteChannel _channel;
    private readonly LinkSender _sender;
    private readonly CancellationTokenSource _stopReceiving = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _deadline;
    private readonly TimeSpan _timeLeft;

    private Ending? _ending;
    private int _frameLimit;
    private int _holdsPending;

    public FrameLink(LinkHost host, IByteChannel channel, long id, bool dialled, TimeSpan deadline)
    {
        (_host, _channel, Id, Dialled) = (host, channel, id, dialled);
        (RemoteAddress, LocalAddress) = (channel.RemoteAddress, channel.LocalAddress);
        _sender = new LinkSender(this, channel, host.Counters, host.Options.SendBufferLimit);
        _frameLimit = host.Options.MaxHandshakeFrame;
        _holdsPending = dialled ? 0 : 1;
        _timeLeft = deadline > TimeSpan.Zero ? deadline : TimeSpan.Zero;
        _deadline = host.Time.CreateTimer(
            static link => ((FrameLink)link!).HandshakeLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed record Ending(CloseReason Reason);

    public long Id { get; }

    public bool Dialled { get; }

    public string RemoteAddress { get; }

    public string LocalAddress { get; }

    public PeerIdentity? Peer => _channel.Peer;

    public object? State { get; set; }

    public long UnsentBytes => _sender.Unsent;

    public bool IsClosing => Volatile.Read(ref _ending) is not null;

    public bool IsPromoted { get; private set; }

    public int FrameLimit => Volatile.Read(ref _frameLimit);

    /// <summary>Completes when the connection itself has ended, after OnClosed.</summary>
    public Task Completion => _completion.Task;

    public void Write(ReadOnlySpan<byte> frame) => Write(frame, default);

    public void Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (head.IsEmpty && body.IsEmpty)
            throw new ArgumentException("A frame has at least one byte.", nameof(head));
        if (!IsClosing)
            _sender.Append(head, body);
    }

    public void WriteRaw(ReadOnlySpan<byte> prefixed)
    {
        if (!IsClosing)
            _sender.Append(prefixed, default, default);
    }

    public void WriteShared(ISharedBytes bytes, int offset, int length)
    {
        if (!IsClosing)
            _sender.Append(bytes, offset, length);
    }

    public void Flush() => _sender.Flush();

    public void Promote(int maxFrame)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFrame);
        Volatile.Write(ref _frameLimit, maxFrame);
        IsPromoted = true;
        EndHandshake();
    }

    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _ending, new Ending(reason), null) is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Tells the sink, then receives on the pool. An accepted link does both on the pool.</summary>
    public void Start()
    {
        _deadline.Change(_timeLeft, Timeout.InfiniteTimeSpan);
        if (!Dialled)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static link => link.Live(tellSink: true), this, preferLocal: false);
            return;
        }

        TellSink(opened: true);
        ThreadPool.UnsafeQueueUserWorkItem(static link => link.Live(tellSink: false), this, preferLocal: false);
    }

    /// <summary>The closing half that must not run on the stack of whoever called <see cref="Close"/>.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        EndHandshake();
        if (_ending!.Reason.IsGraceful)
        {
            _sender.Finish();
        }
        else
        {
            _sender.Drop();
            _channel.Abort();
        }

        _stopReceiving.Cancel();
    }

    private void Live(bool tellSink) => _ = LiveAsync(tellSink);

    private async Task LiveAsync(bool tellSink)
    {
        if (tellSink)
            TellSink(opened: true);
        try
        {
            await new LinkReceiver(this, _channel, _host).RunAsync(_stopReceiving.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            SinkFailed(error);
        }

        _host.Ended(this, _ending!.Reason);
        TellSink(opened: false);
        await EndConnectionAsync().ConfigureAwait(false);
        _host.Forget(this);
        _completion.SetResult();
    }

    private async Task EndConnectionAsync()
    {
        using CancellationTokenSource linger = new(_host.Options.Linger, _host.Time);
        try
        {
            await _sender.Finished.WaitAsync(linger.Token).ConfigureAwait(false);
            if (_ending!.Reason.IsGraceful)
                await _channel.DrainAsync(linger.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (ChannelFailure.Is(error))
        {
            // The peer is gone or does not answer: nothing is left to wait for.
        }

        _sender.Drop();
        _channel.Abort();
    }

    private void TellSink(bool opened)
    {
        try
        {
            if (opened)
                _host.Sink.OnOpened(this);
            else
                _host.Sink.OnClosed(this, _ending!.Reason);
        }
        catch (Exception error)
        {
            SinkFailed(error);
        }
    }

    private void SinkFailed(Exception error)
    {
        TransportLog.SinkFailed(_host.Log, error, Id, RemoteAddress);
        Close(new CloseReason(CloseKind.Local, $"the receiver of this link failed: {error.Message}"));
    }

    private void HandshakeLate() =>
        Close(new CloseReason(CloseKind.HandshakeTimeout, $"no handshake within {_host.Options.HandshakeTimeout.TotalSeconds:0.#} s"));

    private void EndHandshake()
    {
        _deadline.Dispose();
        if (Interlocked.Exchange(ref _holdsPending, 0) == 1)
            _host.LeavePending(RemoteAddress);
    }
}
