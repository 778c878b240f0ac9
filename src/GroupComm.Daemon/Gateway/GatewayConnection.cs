using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Gateway;

/// <summary>One connection of a session: a loop that reads, a loop that writes, one reason for its end.</summary>
internal sealed class GatewayConnection(GatewayServer server, GatewayTransport transport)
{
    private const int Batch = 64 << 10;

    private static readonly TimeSpan s_hello = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(1);
    private const long QuietFor = 5_000;
    private const long SilentFor = 15_000;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentQueue<GatewayFrame> _control = new();
    private readonly CancellationTokenSource _cut = new(); // ends everything
    private readonly CancellationTokenSource _stop = new(); // ends writing; what is read after it is dropped
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameDecoder _decoder = new(server.Node.Port.MaxMessageSize);
    private GatewaySession? _session;
    private GatewayClosedException? _reason;
    private string _client = "?";
    private volatile bool _over;
    private volatile Task _writes = Task.CompletedTask;
    private long _heard = Environment.TickCount64;

    /// <summary>Completes when it is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>There may be something to write.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public void Stop(GatewayClosedException reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        _ = _stop.CancelAsync();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        using CancellationTokenRegistration outer = ct.Register(static self => ((GatewayConnection)self!)._cut.Cancel(), this);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration asked = _stop.Token.Register(stopped.SetResult);
        Task reads = ReadToEndAsync();
        await Task.WhenAny(reads, stopped.Task).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writes.ConfigureAwait(false);
        if (_session is { } session)
            server.Leave(session, this, _over);
        await LastAsync().ConfigureAwait(false);
        // A connection that is closed with bytes unread would be reset, and the last frame lost.
        _cut.CancelAfter(s_last);
        await reads.ConfigureAwait(false);
        await transport.Input.CompleteAsync().ConfigureAwait(false);
        _ended.TrySetResult();
    }

    /// <summary>Reads until the client closes or the connection is cut. Whatever is wrong becomes the reason of its end.</summary>
    private async Task ReadToEndAsync()
    {
        try
        {
            try
            {
                Hello hello = await HelloAsync().ConfigureAwait(false);
                _client = hello.Client;
                (_session, Welcome welcome) = server.Open(hello, this);
                transport.Output.Write(FrameEncoder.Encode(welcome));
                _writes = WriteAsync(_session);
                _ = LookAsync();
                await ReadAsync(_session).ConfigureAwait(false);
            }
            catch (BadFrameException error)
            {
                _over = true;
                Stop(new GatewayClosedException("bad-frame", error.Message, "correct the client: interop/spec/gateway.md has the rules"));
            }
            catch (GatewayClosedException reason)
            {
                Stop(reason);
            }
            await _stop.CancelAsync().ConfigureAwait(false);
            await DropAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (IsEnd(error))
        {
            // The client is gone.
        }
    }

    private async Task DropAsync()
    {
        while (true)
        {
            ReadResult read = await transport.Input.ReadAsync(_cut.Token).ConfigureAwait(false);
            transport.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static bool IsEnd(Exception error) =>
        error is OperationCanceledException or IOException or InvalidOperationException or System.Net.WebSockets.WebSocketException;

    private async Task<Hello> HelloAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token);
        late.CancelAfter(s_hello);
        try
        {
            (GatewayFrame? frame, _) = await NextAsync(GatewayLimits.MaxHello, late.Token).ConfigureAwait(false) ?? throw new IOException("closed before HELLO");
            Hello hello = frame as Hello ?? throw new BadFrameException("the first frame is not HELLO");
            return transport.Admits is null || transport.Admits(hello.Token) ? hello
                : throw new GatewayClosedException(hello.Token is null ? "no-token" : "wrong-token", "this daemon asks for a token", "give the client the token of --token-file");
        }
        catch (OperationCanceledException) when (!_cut.IsCancellationRequested)
        {
            throw new GatewayClosedException("hello-late", $"no HELLO came within {s_hello.TotalSeconds} s", "send HELLO first");
        }
    }

    private async Task ReadAsync(GatewaySession session)
    {
        int most = server.Node.Port.MaxMessageSize + GatewayLimits.Head;
        while (await NextAsync(most, _cut.Token).ConfigureAwait(false) is { } next)
        {
            if (_stop.IsCancellationRequested)
                return;
            switch (next.Frame)
            {
                case null:
                    break; // of a later version
                case Numbered { Kind: FrameKind.Ack } ack:
                    if (!session.Outbox.Acknowledge(this, ack.Number))
                        throw new BadFrameException($"ACK {ack.Number} acknowledges frames that were not sent, or fewer than before");
                    break;
                case Numbered { Kind: FrameKind.Ping } ping:
                    _control.Enqueue(new Numbered(FrameKind.Pong, ping.Number));
                    Wake();
                    break;
                case Numbered { Kind: FrameKind.Pong }:
                    break;
                case Close:
                    _over = true;
                    return;
                case { IsCounted: true } frame:
                    session.Receive(this, frame, next.Bytes);
                    Wake();
                    break;
                default:
                    throw new BadFrameException($"{next.Frame.Kind} has no place here");
            }
        }
    }

    /// <returns>Null at the end of the stream.</returns>
    private async ValueTask<(GatewayFrame? Frame, int Bytes)?> NextAsync(int most, CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await transport.Input.ReadAsync(ct).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (TryCut(buffer, most, out ReadOnlySequence<byte> payload))
            {
                Volatile.Write(ref _heard, Environment.TickCount64);
                try
                {
                    return (_decoder.Decode(payload), (int)payload.Length + GatewayLimits.Prefix);
                }
                finally
                {
                    transport.Input.AdvanceTo(payload.End);
                }
            }
            transport.Input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    internal static bool TryCut(ReadOnlySequence<byte> buffer, int most, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (buffer.Length < GatewayLimits.Prefix)
            return false;
        Span<byte> prefix = stackalloc byte[GatewayLimits.Prefix];
        buffer.Slice(0, GatewayLimits.Prefix).CopyTo(prefix);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length == 0 || length > most - GatewayLimits.Prefix)
            throw new BadFrameException($"a frame of {length} bytes is announced: 1 to {most - GatewayLimits.Prefix} are allowed here");
        if (buffer.Length < GatewayLimits.Prefix + length)
            return false;
        payload = buffer.Slice(GatewayLimits.Prefix, length);
        return true;
    }

    private async Task WriteAsync(GatewaySession session)
    {
        long acknowledged = 0;
        try
        {
            while (true)
            {
                int written = 0;
                while (_control.TryDequeue(out GatewayFrame? control))
                    written += Write(FrameEncoder.Encode(control));
                long handled = session.Handled;
                if (handled > acknowledged)
                    written += Write(FrameEncoder.Encode(new Numbered(FrameKind.Ack, acknowledged = handled)));
                while (written < Batch && session.Outbox.TryTake(this, out byte[] frame))
                    written += Write(frame);
                await transport.Output.FlushAsync(_stop.Token).ConfigureAwait(false);
                if (written < Batch)
                    await _wake.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // Stopped, or the client is gone: the reading loop ends as well.
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private int Write(byte[] frame)
    {
        transport.Output.Write(frame);
        return frame.Length;
    }

    private async Task LookAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_look, _stop.Token).ConfigureAwait(false);
                long quiet = Environment.TickCount64 - Volatile.Read(ref _heard);
                if (quiet > SilentFor)
                    Stop(new GatewayClosedException("silent", $"nothing was heard for {SilentFor / 1000} s", "answer PING with PONG; connect again"));
                else if (quiet > QuietFor)
                    _control.Enqueue(new Numbered(FrameKind.Ping, 0));
                Wake();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }

    private async Task LastAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(s_last); // nobody waits longer for who does not read
            if (_reason is { } reason)
            {
                Close last = reason.Frame;
                GatewayLog.Closed(server.Node.Log, _client, last.Code, last.Detail);
                Write(FrameEncoder.Encode(last));
                await transport.Output.FlushAsync(limit.Token).ConfigureAwait(false);
            }
            await transport.CloseOutput(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (IsEnd(error))
        {
            transport.Abort();
        }
    }
}

/// <summary>A stream of bytes to a client and from it.</summary>
/// <param name="Input">From it.</param>
/// <param name="Output">To it.</param>
/// <param name="CloseOutput">Says that nothing more comes.</param>
/// <param name="Abort">Cuts it.</param>
internal sealed record GatewayTransport(PipeReader Input, PipeWriter Output, Func<CancellationToken, Task> CloseOutput, Action Abort)
{
    /// <summary>Whether the token of a HELLO is enough; null: nothing is asked for.</summary>
    public Func<string?, bool>? Admits { get; init; }
}
