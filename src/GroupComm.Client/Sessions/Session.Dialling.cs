using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Sessions;

// From no connection to one: which daemon, HELLO and WELCOME, and what is left of the session there.
internal sealed partial class Session
{
    private static readonly TimeSpan s_greeting = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    private int _at;

    /// <summary>Tries the endpoints in turn until one answers or the patience is over.</summary>
    private async Task<Connection> DialAsync(CancellationToken ct)
    {
        long end = Environment.TickCount64 + (long)options.Patience.TotalMilliseconds;
        TimeSpan pause = s_firstPause;
        while (true)
        {
            string reason = "";
            for (int i = 0; i < options.Endpoints.Count; i++)
            {
                Endpoint endpoint = options.Endpoints[_at % options.Endpoints.Count];
                using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct);
                late.CancelAfter(s_greeting);
                try
                {
                    return await GreetAsync(await endpoint.OpenAsync(late.Token).ConfigureAwait(false), late.Token).ConfigureAwait(false);
                }
                catch (ClosedByDaemon closed)
                {
                    if (closed.IsFinal || closed.Close.Code == "too-many")
                        throw GatewayClosedException.Of(closed.Close);
                    reason = closed.Message;
                }
                catch (BadFrameException error)
                {
                    throw new GatewayClosedException("bad-frame", $"{endpoint} sent a bad frame: {error.Message}");
                }
                catch (Exception error) when (IsBroken(error))
                {
                    ct.ThrowIfCancellationRequested();
                    reason = error is OperationCanceledException ? $"no answer within {s_greeting.TotalSeconds} s" : error.Message;
                }
                _at = (_at + 1) % options.Endpoints.Count;
            }
            if (Environment.TickCount64 + (long)pause.TotalMilliseconds > end)
                throw new GatewayClosedException("unreachable",
                    $"no daemon at {string.Join(", ", options.Endpoints)}: {reason}; start groupcomm serve with --socket or --tcp");
            await Task.Delay(pause, ct).ConfigureAwait(false);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<Connection> GreetAsync(Stream stream, CancellationToken ct)
    {
        Connection connection = new(stream);
        try
        {
            byte[] hello = FrameEncoder.Hello(
                GatewayLimits.Version, GatewayLimits.Version, options.Name, options.Window, (long)options.Grace.TotalMilliseconds, _id, _id is null ? 0 : _received);
            await connection.WriteAsync([hello], ct).ConfigureAwait(false);
            Welcome? welcome = null;
            while (welcome is null)
                await connection.ReadAsync(LargestFrame, payload =>
                {
                    welcome = _decoder.Decode(payload) switch
                    {
                        Welcome frame => frame,
                        Close close => throw new ClosedByDaemon(close),
                        _ => throw new BadFrameException("the daemon's first frame is not WELCOME"),
                    };
                    return false; // what follows is the session's
                }, ct).ConfigureAwait(false);
            if (Adopt(connection, welcome))
                owner.Lost();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <returns>True: an earlier session is gone.</returns>
    private bool Adopt(Connection connection, Welcome welcome)
    {
        lock (_lock)
        {
            bool lost = _id is not null && !welcome.Resumed;
            if (welcome.Resumed)
            {
                _kept.Resume(welcome.Received);
            }
            else
            {
                _kept.Clear();
                _life++;
                (_received, _handled, _unacknowledged, _unhandled) = (0, 0, 0, 0);
                foreach (Waiter waiter in _waiters)
                    if (waiter.TrySetException(new ViewClosedException("the daemon forgot this session before the message was sent; retry")))
                        _ = waiter.Task.Exception;
                _waiters.Clear();
            }
            (_id, _acknowledged, _acknowledges, _sendWindow) = (welcome.Session, 0, true, welcome.Window);
            (MaxPayload, Node, Cluster) = (welcome.MaxPayload, welcome.Node, welcome.Cluster);
            _control.Clear();
            LetThrough();
            _connection = connection;
            connection.Wake();
            return lost;
        }
    }
}
