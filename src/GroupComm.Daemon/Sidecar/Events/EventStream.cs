using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace GroupComm.Daemon.Sidecar.Events;

/// <summary>
/// One client's stream: reads the group's log at the pace at which the client reads. What is between the two is the
/// server's buffer of 64 KiB and the log, so the client holds up nobody.
/// </summary>
internal sealed class EventStream(HttpContext context, OpenStream open, SessionTable table)
{
    // Written in one go.
    private const int Batch = 64 << 10;

    // A comment now and then: proxies keep the connection, and a client that is gone is noticed.
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);

    private readonly Session _session = open.Session;

    public async Task RunAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, open.Stopping);
        open.Abort = context.Abort;
        try
        {
            Begin();
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await FollowAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (open.Stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await LastAsync(Frames.Left("this stream ends: the daemon stops, or another stream of the member has begun")).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or System.IO.IOException || context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        finally
        {
            table.Close(open);
        }
    }

    private void Begin()
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        // Slow clients are judged by the log, not by bytes a second.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Write("retry: 1000\n\n"u8);
        if (open.Reset is { } reason)
            Write(Frames.Reset(reason));
        GroupView? view = open.Resumed ? null : open.Reset is null ? _session.FirstEvent : _session.Latest?.View;
        if (view is not null)
            Write(Frames.View(view, new LogKey(0, view.Id, 0, 0).Id, _session.Member!.Self));
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        GroupLog log = _session.Log;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            Task news = log.NextNews; // before looking
            int written = 0;
            long next = open.Next;
            while (written < Batch && log.TryRead(next, out LogEntry entry) && _session.Concerns(entry.Key) is { } concerns)
            {
                if (concerns)
                {
                    Write(entry.Frame);
                    written += entry.Frame.Length;
                }
                next++;
            }
            if (next < log.First)
            {
                table.Drop(_session);
                await LastAsync(Frames.Dropped("this client reads more slowly than the group sends")).ConfigureAwait(false);
                return;
            }
            open.Next = next;
            if (written > 0)
            {
                _session.SentUpTo(next);
                await context.Response.BodyWriter.FlushAsync(stop).ConfigureAwait(false);
                continue;
            }
            if (_session.Ended)
            {
                await LastAsync(Frames.Left("the member was removed from the group, or this node has left the cluster")).ConfigureAwait(false);
                return;
            }
            if (!await CameAsync(news, stop).ConfigureAwait(false))
            {
                Write(": here\n\n"u8);
                await context.Response.BodyWriter.FlushAsync(stop).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> CameAsync(Task news, CancellationToken stop)
    {
        try
        {
            await news.WaitAsync(s_ping, stop).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task LastAsync(byte[] frame)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1)); // nobody waits longer for who does not read
        Write(frame);
        try
        {
            await context.Response.BodyWriter.FlushAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private void Write(ReadOnlySpan<byte> bytes) => context.Response.BodyWriter.Write(bytes);
}
