using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Requests;

namespace GroupComm.Client.Groups;

// From no membership to one, again after the daemon was lost, and back to none.
internal sealed partial class ClientGroup
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _leaveLock = new();
    private Task? _leave;
    private volatile bool _leaving;

    /// <summary>Its end is its own wish.</summary>
    public bool IsLeaving => _leaving;

    /// <summary>Completes when the first view is there.</summary>
    /// <exception cref="JoinException">Refused.</exception>
    public async Task JoinAsync(CancellationToken ct)
    {
        _link.Pump = _pump;
        _pump.Start();
        Task request = RequestJoinAsync(ct);
        if (await Task.WhenAny(request, _pump.Joined).ConfigureAwait(false) == request && !request.IsCompletedSuccessfully && !_pump.Joined.IsCompleted)
        {
            try
            {
                await request.ConfigureAwait(false);
            }
            catch (OutcomeUnknownException)
            {
                // The session was lost meanwhile: the pump sees to it.
            }
        }
        await _pump.Joined.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>The daemon knows nothing of this member any more: joins until it is a member again.</summary>
    public async Task RejoinAsync(int life)
    {
        for (TimeSpan pause = s_firstPause; life == _pump.Life && !_leaving; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                await RequestJoinAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (GatewayClosedException)
            {
                return; // whoever told it goes on
            }
            catch (Exception error)
            {
                // The old life of this member may not be out of the view yet, or its new daemon not in one. If the session was lost
                // once more, the next round sees it.
                ClientLog.RejoinFailed(Log, Name, error.Message);
            }
            await Task.Delay(pause, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Leaves without waiting for it: inside a handler.</summary>
    public void LeaveSoon() => _ = LeaveOnceAsync();

    /// <summary>The join failed, or its caller gave it up: nothing of this member remains.</summary>
    public Task AbandonAsync()
    {
        _leaving = true;
        _pump.Finish();
        return _pump.Left;
    }

    /// <summary>Its session serves another, or nobody.</summary>
    public void Detach()
    {
        _link.Pump = null;
        _pump.Stop();
    }

    private Task RequestJoinAsync(CancellationToken ct)
    {
        JoinWish wish = new(
            Handlers.Capture is not null, Options.Open, Options.AgreedOnly, Options.StartEmptyWhenStateIsLost, (long)Options.SlowConsumerTimeout.TotalMilliseconds, States: true);
        string? member = Options.MemberName ?? _pump.Self?.Name;
        return _link.RequestAsync(number => FrameEncoder.Join(number, Name, member, wish), ct);
    }

    private Task LeaveOnceAsync()
    {
        lock (_leaveLock)
            return _leave ??= Task.Run(LeaveForGoodAsync);
    }

    private async Task LeaveForGoodAsync()
    {
        _leaving = true;
        bool clean = _link.Session.End is null;
        if (!_pump.IsOver)
        {
            try
            {
                await _link.RequestAsync(static number => FrameEncoder.Numbered(FrameKind.Leave, number), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (error is GroupCommException or InvalidOperationException)
            {
                // No membership, or no way to leave it: the end of the session ends that too.
                clean = false;
                _pump.Finish();
            }
            await _pump.Left.ConfigureAwait(false);
        }
        await _ended(this, clean).ConfigureAwait(false);
    }
}
