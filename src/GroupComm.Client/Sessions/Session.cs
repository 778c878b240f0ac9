using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Sessions;

/// <summary>
/// One session over as many connections as it takes: counted frames each way, kept until they are acknowledged and sent again after
/// a cut, so that each arrives once (interop/spec/gateway.md, Sessions and Flow control). This part is what its owner calls.
/// </summary>
internal sealed partial class Session(SessionOptions options, ISessionOwner owner) : IAsyncDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly KeptFrames _kept = new();
    private readonly Queue<Waiter> _waiters = new();
    private readonly List<byte[]> _control = [];
    private readonly CancellationTokenSource _stop = new();
    private Connection? _connection;
    private Task _running = Task.CompletedTask;
    private GatewayClosedException? _ended;
    private byte[]? _id;
    private int _life;
    private long _received;
    private long _handled;
    private long _acknowledged;
    private long _unacknowledged; // bytes
    private int _unhandled; // frames
    private long _sendWindow = GatewayLimits.MinWindow;
    private bool _acknowledges; // at once
    private bool _closing;

    private sealed class Waiter(byte[] frame) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public readonly byte[] Frame = frame;
    }

    /// <summary>The largest payload of a message, from the daemon.</summary>
    public long MaxPayload { get; private set; }

    /// <summary>The daemon's node.</summary>
    public string Node { get; private set; } = "";

    public string Cluster { get; private set; } = "";

    /// <summary>Why there will be no further connection; null while there may.</summary>
    public GatewayClosedException? End => Volatile.Read(ref _ended);

    /// <summary>Makes the first connection.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        Connection connection = await DialAsync(either.Token).ConfigureAwait(false);
        _running = Task.Run(() => RunAsync(connection), CancellationToken.None);
    }

    /// <summary>Sends when the daemon's window has room, in the order of the calls. The token ends the wait alone.</summary>
    /// <exception cref="GatewayClosedException">The session is over.</exception>
    /// <exception cref="ViewClosedException">The daemon forgot the session while the frame waited; it was not sent.</exception>
    public ValueTask SendAsync(byte[] frame, CancellationToken ct)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (Refused() is { } error)
                return ValueTask.FromException(error);
            if (_waiters.Count == 0 && _kept.Bytes < _sendWindow)
            {
                Keep(frame);
                return ValueTask.CompletedTask;
            }
            _waiters.Enqueue(waiter = new Waiter(frame));
        }
        return ct.CanBeCanceled ? WaitAsync(waiter, ct) : new ValueTask(waiter.Task);
    }

    /// <summary>Sends beyond the window: what must not wait.</summary>
    public void SendNow(byte[] frame)
    {
        lock (_lock)
        {
            if (Refused() is { } error)
                throw error;
            Keep(frame);
        }
    }

    /// <summary>Sends if the window has room.</summary>
    public bool TrySend(byte[] frame)
    {
        lock (_lock)
        {
            if (Refused() is { } error)
                throw error;
            if (_waiters.Count > 0 || _kept.Bytes >= _sendWindow)
                return false;
            Keep(frame);
            return true;
        }
    }

    /// <summary>A frame was handled. Acknowledged when nothing is left to handle, and for each quarter of the window.</summary>
    /// <param name="frame">Which.</param>
    /// <param name="inOrder">All before it were handled too; not so for one that overtook them.</param>
    public void Handled(in Handled frame, bool inOrder)
    {
        lock (_lock)
        {
            if (frame.Life != _life)
                return;
            _unhandled--;
            _unacknowledged += frame.Bytes;
            _handled = _unhandled == 0 ? _received : inOrder ? Math.Max(_handled, frame.Number) : _handled;
            if (_unhandled == 0 || _unacknowledged >= options.Window / 4)
                _connection?.Wake();
        }
    }

    /// <summary>Breaks the connection; the session goes on over another. For tests.</summary>
    public void Cut()
    {
        lock (_lock)
            _connection?.Abort();
    }

    /// <summary>Bytes past the codec. For tests.</summary>
    public void WriteRaw(byte[] bytes)
    {
        lock (_lock)
        {
            _control.Add(bytes);
            _connection?.Wake();
        }
    }

    /// <summary>Ends the session: its member leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        Finish(new GatewayClosedException("closed", "the client was closed"));
        Task running;
        lock (_lock)
        {
            _closing = true;
            running = _running;
            _connection?.Wake();
        }
        await running.WaitAsync(s_farewell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async ValueTask WaitAsync(Waiter waiter, CancellationToken ct)
    {
        using CancellationTokenRegistration registration = ct.UnsafeRegister(static (waiter, ct) => ((Waiter)waiter!).TrySetCanceled(ct), waiter);
        await waiter.Task.ConfigureAwait(false);
    }

    private GatewayClosedException? Refused() => _ended?.Again();

    private void Keep(byte[] frame)
    {
        _kept.Add(frame);
        _connection?.Wake();
    }

    /// <summary>Those that wait go on as far as there is room.</summary>
    private void LetThrough()
    {
        while (_kept.Bytes < _sendWindow && _waiters.TryDequeue(out Waiter? waiter))
            if (waiter.TrySetResult())
                Keep(waiter.Frame);
    }

    private void Finish(GatewayClosedException error)
    {
        lock (_lock)
        {
            if (_ended is not null)
                return;
            _ended = error;
            foreach (Waiter waiter in _waiters)
                if (waiter.TrySetException(error.Again()))
                    _ = waiter.Task.Exception;
            _waiters.Clear();
        }
        owner.Ended(error);
    }
}
