using System;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Requests;

namespace GroupComm.Client.Groups;

// Messages and queries, and what follows when their handler throws.
internal sealed partial class EventPump
{
    // How long the senior member of a view waits, after its handler failed, to see whether it is the only one left.
    private static readonly TimeSpan s_failureGrace = TimeSpan.FromMilliseconds(500);

    private async ValueTask MessageAsync(Delivery message)
    {
        if (_skip || View is not { } view)
            return;
        if (_group.Handlers.For(message.Type) is { } handler)
        {
            await CallAsync(handler, new ClientContext(_group, view, message), message).ConfigureAwait(false);
        }
        else if (_events is null)
        {
            ClientLog.Unhandled(_log, _group.Name, message.Type);
        }
        await TellAsync(message).ConfigureAwait(false);
    }

    private async ValueTask AskAsync(Delivery query)
    {
        Interlocked.Increment(ref _handling);
        byte[] reply;
        try
        {
            if (_skip || View is not { } view)
                throw new InvalidOperationException("the member leaves");
            if (!_group.Handlers.Queries.TryGetValue(query.Type ?? "", out AnswerQuery? answer))
                throw new InvalidOperationException("no query handler is registered for this type");
            ClientContext context = new(_group, view, query);
            ReadOnlyMemory<byte> value = await answer(query.Payload, context, _stop.Token).ConfigureAwait(false);
            context.Leave();
            GatewayLink.CheckSize(value.Length, GatewayLimits.MaxDirect, "a reply goes out in one piece; say less");
            reply = FrameEncoder.Reply(query.Query, ok: true, value.Span);
        }
        catch (Exception error)
        {
            reply = FrameEncoder.Reply(query.Query, ok: false, Encoding.UTF8.GetBytes(Short(error.Message)));
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
        }
        try
        {
            _link.Session.SendNow(reply);
        }
        catch (GatewayClosedException)
        {
            // The asker hears of this member's departure.
        }
    }

    private async ValueTask BeginKeyedAsync(Item item, Delivery message, ReadKeyed read, GroupView view)
    {
        KeyedCall call;
        try
        {
            call = read(message.Payload);
        }
        catch (Exception error)
        {
            await _keyed.DrainAsync(EndKeyedAsync).ConfigureAwait(false);
            await FailAsync(error, message.Type).ConfigureAwait(false);
            await EndKeyedAsync(new KeyedMessage(message, item.Place, null)).ConfigureAwait(false);
            return;
        }
        ClientContext context = new(_group, view, message);
        await _keyed.AddAsync(
            new KeyedMessage(message, item.Place, call.Key), () => CallAsync((_, _, ct) => call.Handle(context, ct), context, message), EndKeyedAsync).ConfigureAwait(false);
    }

    /// <summary>In the order of delivery, whatever the order in which handlers ended.</summary>
    private async ValueTask EndKeyedAsync(KeyedMessage keyed)
    {
        await TellAsync(keyed.Message).ConfigureAwait(false);
        _link.Session.Handled(keyed.Place, inOrder: true);
    }

    private async ValueTask CallAsync(HandleMessage handler, ClientContext context, Delivery message)
    {
        Interlocked.Increment(ref _handling);
        try
        {
            await handler(message.Payload, context, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await FailAsync(error, message.Type).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
            context.Leave();
        }
    }

    private ValueTask TellAsync(Delivery message) => _events is null || _skip ? default : TellAsync(new MessageDelivered(
        message.Id, message.From, message.Order, message.Type, message.Payload, message.Position));

    private ValueTask TellAsync(GroupEvent happened) => _events is null || _events.Writer.TryWrite(happened) ? default : WaitForReaderAsync(happened);

    private async ValueTask WaitForReaderAsync(GroupEvent happened)
    {
        try
        {
            await _events!.Writer.WriteAsync(happened, _lastWords.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            // The member ended while it waited.
        }
    }

    /// <summary>A handler threw; what happens now is the member's policy.</summary>
    private async ValueTask FailAsync(Exception error, string? type)
    {
        if (error is UndecodableException { InnerException: { } inner })
        {
            ClientLog.Undecodable(_log, inner, _group.Name, type);
            return;
        }
        if (error is OperationCanceledException && _stop.IsCancellationRequested)
            return;
        if (_group.Options.HandlerFailurePolicy != HandlerFailurePolicy.Stop || _latest is not { Members.Count: > 1 } latest)
        {
            ClientLog.HandlerFailed(_log, error, _group.Name);
            return;
        }
        // The same message may have failed at every replica, and somebody has to stay: the senior member looks first whether the
        // others go.
        if (latest.Members[0] == latest.Self)
        {
            await Task.Delay(s_failureGrace, CancellationToken.None).ConfigureAwait(false);
            if (_latest is not { Members.Count: > 1 })
                return;
        }
        ClientLog.LeavesAfterFailure(_log, error, _group.Name);
        _skip = true;
        _group.LeaveSoon();
    }

    private static string Short(string text) => text.Length <= GatewayLimits.MaxText / 4 ? text : text[..(GatewayLimits.MaxText / 4)];
}
