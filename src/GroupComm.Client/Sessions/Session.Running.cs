using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Sessions;

// One connection after the other: what is read, what is written, and what follows when it ends.
internal sealed partial class Session
{
    private const long QuietMs = 5_000;
    private const long SilentMs = 15_000;
    private const int WriteBatch = 1 << 17;

    private readonly FrameDecoder _decoder = new();

    /// <summary>The daemon said <c>CLOSE</c>, and why.</summary>
    private sealed class ClosedByDaemon(Close close) : Exception(close.Detail)
    {
        public Close Close => close;

        /// <summary>Another connection would end the same way.</summary>
        public bool IsFinal => close.Code is "bad-frame" or "version" or "taken-over";
    }

    private async Task RunAsync(Connection connection)
    {
        while (true)
        {
            await ServeAsync(connection).ConfigureAwait(false);
            if (_ended is not null)
                return;
            try
            {
                connection = await DialAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (GatewayClosedException error)
            {
                Finish(error);
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task writing = WriteAsync(connection, over.Token), watching = WatchAsync(connection, over.Token);
        (Func<int> most, Func<ReadOnlySequence<byte>, bool> take) = (LargestFrame, Take);
        try
        {
            while (true)
                await connection.ReadAsync(most, take, over.Token).ConfigureAwait(false);
        }
        catch (BadFrameException error)
        {
            await SayBadFrameAsync(connection, error, over, writing).ConfigureAwait(false);
            Finish(new GatewayClosedException("bad-frame", $"the daemon sent a bad frame: {error.Message}"));
        }
        catch (ClosedByDaemon closed)
        {
            if (closed.IsFinal)
                Finish(GatewayClosedException.Of(closed.Close));
            else if (closed.Close.Code == "draining")
                _at++;
        }
        catch (Exception error) when (IsBroken(error))
        {
            // The next connection goes on where this one ended.
        }
        catch (Exception error)
        {
            Finish(new GatewayClosedException("internal", $"a defect of this client: {error.Message}")); // nobody waits for ever
        }
        lock (_lock)
            _connection = null;
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(writing, watching).ConfigureAwait(false); // first: whoever waits in what is disposed may wait for ever
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static bool IsBroken(Exception error) =>
        error is IOException or SocketException or WebSocketException or ObjectDisposedException or OperationCanceledException;

    private int LargestFrame() => (int)Math.Min(int.MaxValue, Math.Max(GatewayLimits.MaxViewFrame, MaxPayload + GatewayLimits.Overhead));

    private bool Take(ReadOnlySequence<byte> payload)
    {
        Frame? frame = _decoder.Decode(payload);
        switch (frame)
        {
            case null or Numbered { Kind: FrameKind.Pong }:
                break;
            case Numbered { Kind: FrameKind.Ack } ack:
                lock (_lock)
                {
                    _kept.Acknowledge(ack.Number);
                    LetThrough();
                }
                break;
            case Numbered { Kind: FrameKind.Ping } ping:
                Say(FrameEncoder.Numbered(FrameKind.Pong, ping.Number));
                break;
            case Close close:
                throw new ClosedByDaemon(close);
            case { Kind: < (FrameKind)GatewayLimits.FirstCounted }:
                throw new BadFrameException($"{frame.Kind} does not come twice");
            default:
                Handled place;
                lock (_lock)
                {
                    _unhandled++;
                    place = new Handled(_life, ++_received, (int)payload.Length + 4);
                }
                owner.Received(frame, place);
                break;
        }
        return true;
    }

    private void Say(byte[] control)
    {
        lock (_lock)
        {
            _control.Add(control);
            _connection?.Wake();
        }
    }

    private async Task WriteAsync(Connection connection, CancellationToken ct)
    {
        List<byte[]> batch = [];
        try
        {
            while (true)
            {
                bool last = Gather(batch);
                if (batch.Count > 0)
                    await connection.WriteAsync(batch, ct).ConfigureAwait(false);
                if (last)
                    return;
                if (batch.Count == 0)
                    await connection.WaitAsync(ct).ConfigureAwait(false);
                batch.Clear();
            }
        }
        catch (Exception error) when (IsBroken(error))
        {
            // The reader sees it too.
        }
    }

    /// <returns>True: <c>CLOSE</c> is among it.</returns>
    private bool Gather(List<byte[]> batch)
    {
        lock (_lock)
        {
            batch.AddRange(_control);
            _control.Clear();
            _kept.Take(batch, WriteBatch);
            if (_handled > _acknowledged && (_acknowledges || _unhandled == 0 || _unacknowledged >= options.Window / 4))
            {
                (_acknowledged, _unacknowledged, _acknowledges) = (_handled, 0, false);
                batch.Add(FrameEncoder.Numbered(FrameKind.Ack, _handled));
            }
            if (!_closing || _kept.HasUnsent)
                return false;
            batch.Add(FrameEncoder.Close("bye", "", ""));
            return true;
        }
    }

    private static async Task SayBadFrameAsync(Connection connection, BadFrameException error, CancellationTokenSource over, Task writing)
    {
        try
        {
            await over.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
            string detail = error.Message[..Math.Min(error.Message.Length, GatewayLimits.MaxText / 4)];
            using CancellationTokenSource late = new(s_farewell);
            await connection.WriteAsync([FrameEncoder.Close("bad-frame", detail, "correct the daemon")], late.Token).ConfigureAwait(false);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            // It is gone already.
        }
    }

    private async Task WatchAsync(Connection connection, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(QuietMs / 2), ct).ConfigureAwait(false);
                if (connection.Silence > SilentMs)
                    connection.Abort();
                else if (connection.Silence > QuietMs)
                    Say(FrameEncoder.Numbered(FrameKind.Ping, 0));
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }
}
