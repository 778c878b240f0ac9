using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Sessions;

namespace GroupComm.Client.Groups;

/// <summary>State given and taken. At most one transfer of each direction is under way; the pump calls, but for what cancels, which
/// comes from the session's reader while the pump may be in the middle of it.</summary>
internal sealed class StateTransfers(Session session, Handlers handlers, CancellationToken over)
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _cancelled = [];
    private (long Number, CancellationTokenSource Cancel)? _capture;
    private Restoring? _restore;

    /// <summary>A restore that reads while parts come.</summary>
    private sealed class Restoring(long number, CancellationTokenSource cancel)
    {
        public long Number => number;

        public CancellationTokenSource Cancel => cancel;

        public Pipe Pipe { get; } = new(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, useSynchronizationContext: false));

        public Task Work { get; set; } = Task.CompletedTask;
    }

    /// <summary>This transfer counts no more: what reads or writes it ends.</summary>
    public void Cancel(long number)
    {
        CancellationTokenSource?[] both;
        lock (_lock)
        {
            _cancelled.Add(number);
            both = [_capture is { } capture && capture.Number == number ? capture.Cancel : null, _restore?.Number == number ? _restore.Cancel : null];
        }
        foreach (CancellationTokenSource? one in both)
            End(one);
    }

    public void CancelAll()
    {
        CancellationTokenSource?[] both;
        lock (_lock)
            both = [_capture?.Cancel, _restore?.Cancel];
        foreach (CancellationTokenSource? one in both)
            End(one);
    }

    public async Task CaptureAsync(long number)
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(over);
        lock (_lock)
        {
            if (_cancelled.Contains(number))
                return;
            _capture = (number, cancel);
        }
        string? error = null;
        try
        {
            await using PartStream parts = new(session, number, cancel.Token);
            await (handlers.Capture ?? throw new InvalidOperationException("no state provider is registered"))(parts, cancel.Token).ConfigureAwait(false);
            await parts.CompleteAsync(cancel.Token).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            error = Text(thrown);
        }
        lock (_lock)
            _capture = null;
        if (!cancel.IsCancellationRequested)
            await EndAsync(number, error).ConfigureAwait(false);
    }

    public async ValueTask BeginRestoreAsync(long number)
    {
        await AbortAsync().ConfigureAwait(false);
        Restoring restoring = new(number, CancellationTokenSource.CreateLinkedTokenSource(over));
        lock (_lock)
        {
            if (_cancelled.Contains(number))
                return;
            _restore = restoring;
        }
        restoring.Work = Task.Run(async () =>
        {
            try
            {
                await (handlers.Restore ?? throw new InvalidOperationException("no state provider is registered"))(
                    restoring.Pipe.Reader.AsStream(leaveOpen: true), restoring.Cancel.Token).ConfigureAwait(false);
            }
            finally
            {
                await restoring.Pipe.Reader.CompleteAsync().ConfigureAwait(false);
            }
        });
    }

    public async ValueTask PartAsync(Part part)
    {
        if (_restore is not { } restoring || restoring.Number != part.Transfer)
            return;
        try
        {
            await restoring.Pipe.Writer.WriteAsync(part.Bytes, restoring.Cancel.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // CANCEL follows.
        }
    }

    public async Task EndAsync(End end)
    {
        if (_restore is not { } restoring || restoring.Number != end.Transfer)
            return;
        if (end.Error is not null)
        {
            await AbortAsync().ConfigureAwait(false);
            return;
        }
        await restoring.Pipe.Writer.CompleteAsync().ConfigureAwait(false);
        string? error = null;
        try
        {
            await restoring.Work.ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            error = Text(thrown);
        }
        bool counts = !restoring.Cancel.IsCancellationRequested;
        Forget(restoring);
        if (counts)
            await EndAsync(restoring.Number, error).ConfigureAwait(false);
    }

    /// <summary>The daemon's <c>CANCEL</c> at its place among the events.</summary>
    public async ValueTask CancelledAsync(long number)
    {
        if (_restore?.Number == number)
            await AbortAsync().ConfigureAwait(false);
        lock (_lock)
            _cancelled.Remove(number);
    }

    /// <summary>What was read so far is no state.</summary>
    public async ValueTask AbortAsync()
    {
        if (_restore is not { } restoring)
            return;
        await restoring.Cancel.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // callbacks of the application may throw
        await restoring.Pipe.Writer.CompleteAsync(new IOException("the state's donor is gone; another one follows")).ConfigureAwait(false);
        await restoring.Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Forget(restoring);
    }

    /// <summary>The application's callbacks run elsewhere; the transfer may have ended meanwhile.</summary>
    private static void End(CancellationTokenSource? source)
    {
        try
        {
            _ = source?.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Ended.
        }
    }

    private void Forget(Restoring restoring)
    {
        lock (_lock)
            _restore = null;
        restoring.Cancel.Dispose();
    }

    private async Task EndAsync(long number, string? error)
    {
        try
        {
            await session.SendAsync(FrameEncoder.End(number, error), over).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is GroupCommException or OperationCanceledException)
        {
            // The transfer is gone with the session.
        }
    }

    private static string Text(Exception error) => error.Message.Length <= GatewayLimits.MaxText / 4 ? error.Message : error.Message[..(GatewayLimits.MaxText / 4)];
}
