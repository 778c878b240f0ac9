using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Groups;

// Views, and everything else that is no message.
internal sealed partial class EventPump
{
    private async ValueTask ViewAsync(ViewFrame frame)
    {
        if (_over)
            return;
        GroupView view = new(frame.Group, frame.Id, frame.Members, frame.Joined, frame.Left, frame.Reason, frame.Token);
        if (_resets)
            await ResetAsync().ConfigureAwait(false);
        _standing = new Standing(frame.Self, view);
        _status = (int)GroupStatus.Active;
        _joined.TrySetResult();
        if (_skip)
            return;
        if (_group.Handlers.View is { } handler)
            await CallAsync(ct => handler(view, ct)).ConfigureAwait(false);
        await TellAsync(new ViewInstalled(view)).ConfigureAwait(false);
    }

    private async ValueTask NoticeAsync(Notice notice)
    {
        switch (notice.Kind)
        {
            case FrameKind.Transitional:
                await TellAsync(new Transitional(ViewOf(notice.Text))).ConfigureAwait(false);
                break;
            case FrameKind.PrimaryLost:
                _status = (int)GroupStatus.NotPrimary;
                await TellAsync(new PrimaryLost(notice.Text)).ConfigureAwait(false);
                break;
            case FrameKind.PrimaryRegained:
                _status = (int)GroupStatus.Active;
                await TellAsync(new PrimaryRegained()).ConfigureAwait(false);
                break;
            case FrameKind.GroupLost:
                _status = (int)GroupStatus.Joining;
                await TellAsync(new GroupLost()).ConfigureAwait(false);
                break;
            case FrameKind.Excluded:
                _status = (int)GroupStatus.Excluded;
                await TellAsync(new Excluded(notice.Text)).ConfigureAwait(false);
                break;
            case FrameKind.Reset:
                await ResetAsync().ConfigureAwait(false);
                break;
            case FrameKind.Left:
                await OverAsync(GroupStatus.Left, new Left(), new JoinException(JoinStep.Admission, $"'{_group.Name}' was not joined: {notice.Text}")).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"unknown notice {notice.Kind}");
        }
    }

    private async ValueTask WordAsync(Item item)
    {
        switch (item.Word)
        {
            case Word.Lost when !_over:
                await _states.AbortAsync().ConfigureAwait(false);
                if (item.Life != _life)
                    break; // and once more: the last one counts
                if (View is not null)
                {
                    ClientLog.Lost(_log, _group.Name);
                    (_resets, _status) = (true, (int)GroupStatus.Excluded);
                    await TellAsync(new Excluded("the daemon is gone, or forgot this member")).ConfigureAwait(false);
                }
                _ = _group.RejoinAsync(item.Life);
                break;
            case Word.Ended when !_over:
                ClientLog.Ended(_log, _group.Name, item.Error!.Message);
                await _states.AbortAsync().ConfigureAwait(false);
                _events?.Writer.TryWrite(new Excluded(item.Error.Message));
                await OverAsync(GroupStatus.Excluded, new Left(), item.Error).ConfigureAwait(false);
                break;
            case Word.Finished when !_over:
                await OverAsync(GroupStatus.Left, new Left(), new GatewayClosedException("closed", "the join was given up")).ConfigureAwait(false);
                break;
            default:
                break; // over already
        }
    }

    /// <summary>A member with a state provider does not forget: its state was restored, or is what the group begins anew with.</summary>
    private async ValueTask ResetAsync()
    {
        _resets = false;
        if (_skip)
            return;
        if (_group.Handlers is { Restore: null, Reset: { } handler })
            await CallAsync(handler).ConfigureAwait(false);
        await TellAsync(new Reset()).ConfigureAwait(false);
    }

    private async ValueTask OverAsync(GroupStatus status, GroupEvent last, Exception joinFails)
    {
        if (_over)
            return;
        (_over, _skip, _status) = (true, true, (int)status);
        _events?.Writer.TryWrite(last); // a reader that is not there holds up nobody's end
        _events?.Writer.TryComplete();
        if (_joined.TrySetException(joinFails))
            _ = _joined.Task.Exception;
        _left.TrySetResult();
        await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // callbacks of the application may throw
    }

    private async ValueTask CallAsync(Func<CancellationToken, ValueTask> handler)
    {
        Interlocked.Increment(ref _handling);
        try
        {
            await handler(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await FailAsync(error, null).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
        }
    }

    private GroupViewId ViewOf(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out long view)
            && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new GroupViewId(view, number) : View?.Id ?? default;
    }
}
