using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Groups;
using GroupComm.Client.Sessions;

namespace GroupComm.Client.Requests;

/// <summary>A session, its requests under way, and its member if it has one.</summary>
internal sealed class GatewayLink : ISessionOwner, IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, Pending> _pending = new();
    private readonly TaskCompletionSource<GatewayClosedException> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _tells;
    private volatile EventPump? _pump;
    private long _last;

    public GatewayLink(SessionOptions options, ReceiptStages receipts)
    {
        _tells = FrameEncoder.TellAccepted | (int)receipts;
        Session = new Session(options, this);
    }

    public Session Session { get; }

    /// <summary>Completes when there will be no further connection.</summary>
    public Task<GatewayClosedException> Closed => _closed.Task;

    /// <summary>Takes the events of the session; null: there is no member.</summary>
    public EventPump? Pump { get => _pump; set => _pump = value; }

    /// <summary>Multicasts; <paramref name="to"/> is a group that this session is no member of.</summary>
    public async ValueTask<SendReceipt> SendAsync(
        ClientGroup? member, string? to, string? type, ReadOnlyMemory<byte> payload, DeliveryOrder order, bool inHandler, CancellationToken ct)
    {
        if (order is < DeliveryOrder.Fifo or > DeliveryOrder.Safe)
            throw new ArgumentOutOfRangeException(nameof(order), order, "the order is one of Fifo, Causal, Agreed and Safe");
        CheckSize(payload.Length, Session.MaxPayload, "split it, or raise MaxMessageSize at every node");
        ct.ThrowIfCancellationRequested();
        PendingSend send = new(member, _tells);
        long number = Begin(send);
        byte[] frame = FrameEncoder.Send(number, to, order, type, payload.Span, inHandler ? _tells | FrameEncoder.InHandler : _tells);
        await PassAsync(number, frame, inHandler, ct).ConfigureAwait(false);
        return await send.Accepted.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>A request that is answered when it is done.</summary>
    public async Task RequestAsync(Func<long, byte[]> frame, CancellationToken ct)
    {
        PendingRequest request = new();
        long number = Begin(request);
        await PassAsync(number, frame(number), beyondWindow: false, ct).ConfigureAwait(false);
        await request.Task.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Sends a request without waiting, if the window has room; how it ends is told nobody.</summary>
    public bool TryPost(Func<long, byte[]> frame)
    {
        long number = Begin(new PendingRequest());
        if (Session.TrySend(frame(number)))
            return true;
        Forget(number);
        return false;
    }

    public async ValueTask<(long Number, PendingQuery Query)> AskAsync(Func<long, byte[]> frame, CancellationToken ct)
    {
        PendingQuery query = new();
        long number = Begin(query);
        await PassAsync(number, frame(number), beyondWindow: false, ct).ConfigureAwait(false);
        return (number, query);
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Forget(long number) => _pending.TryRemove(number, out _);

    public static void CheckSize(long size, long most, string fix)
    {
        if (size > most)
            throw GatewayErrors.With("too-large", new MessageTooLargeException(size, most, fix));
    }

    /// <summary>A <c>REACHED</c> is handled at its place among the events.</summary>
    public void Reached(long number)
    {
        if (_pending.TryRemove(number, out Pending? pending))
            pending.Done();
    }

    void ISessionOwner.Received(Frame frame, Handled place)
    {
        switch (frame)
        {
            case Receipt receipt:
                if (_pending.TryGetValue(receipt.Ref, out Pending? sent) && sent.Reach(receipt))
                    Forget(receipt.Ref);
                break;
            case Answer answer:
                if (_pending.TryGetValue(answer.Ref, out Pending? asked))
                    asked.Take(answer);
                break;
            case Numbered { Kind: FrameKind.Done } done:
                Reached(done.Number);
                break;
            case Failed failed:
                if (_pending.TryRemove(failed.Ref, out Pending? refused))
                    refused.Fail(ErrorOf(failed));
                break;
            default:
                if (_pump is { } pump && pump.Add(frame, place))
                    return;
                if (frame is Numbered { Kind: FrameKind.Reached } reached)
                    Reached(reached.Number);
                break;
        }
        Session.Handled(place, inOrder: false);
    }

    void ISessionOwner.Lost()
    {
        FailAll(static () => GatewayErrors.Lost());
        _pump?.Lose();
    }

    void ISessionOwner.Ended(GatewayClosedException error)
    {
        FailAll(error.Again);
        _pump?.End(error);
        _closed.TrySetResult(error);
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    /// <summary>A send that went out between the loss of the session and the new join finds no member, for now.</summary>
    private Exception ErrorOf(Failed failed) => failed.Code == "no-membership" && _pump is { IsOver: false, IsLeaving: false }
        ? GatewayErrors.Of(failed with { Code = "not-primary", Detail = "its member is not back in the group yet" })
        : GatewayErrors.Of(failed);

    private long Begin(Pending pending)
    {
        long number = Interlocked.Increment(ref _last);
        _pending[number] = pending;
        return number;
    }

    private ValueTask PassAsync(long number, byte[] frame, bool beyondWindow, CancellationToken ct)
    {
        try
        {
            if (!beyondWindow)
            {
                ValueTask passing = Session.SendAsync(frame, ct);
                return passing.IsCompletedSuccessfully ? passing : WaitAsync(passing, number);
            }
            Session.SendNow(frame);
            return ValueTask.CompletedTask;
        }
        catch
        {
            Forget(number);
            throw;
        }
    }

    private async ValueTask WaitAsync(ValueTask passing, long number)
    {
        try
        {
            await passing.ConfigureAwait(false);
        }
        catch
        {
            Forget(number); // nothing was sent
            throw;
        }
    }

    private void FailAll(Func<Exception> error)
    {
        foreach (long number in _pending.Keys)
            if (_pending.TryRemove(number, out Pending? pending))
                pending.Fail(error());
    }
}
