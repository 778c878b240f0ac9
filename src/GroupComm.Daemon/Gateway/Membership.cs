using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Gateway.Protocol;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Groups;

namespace GroupComm.Daemon.Gateway;

/// <summary>
/// A session's member: what it is delivered becomes events, its queries are answered by the client. It consumes as fast as the
/// client acknowledges, so the runtime's rule for slow consumers is the client's too.
/// </summary>
internal sealed class Membership(Outbox outbox, string name) : IMemberObserver, IQueryObserver
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Reply>> _asked = new();
    private readonly TaskCompletionSource _firstView = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastQuery;
    private volatile string _why = "the member was removed from the group (a slow consumer?), or this node has left the cluster";

    public GroupHandle? Handle { get; set; }

    /// <summary>Completes when the first view is an event: a join is told after it.</summary>
    public Task FirstView => _firstView.Task;

    public StateTransfers States { get; } = new(outbox);

    /// <summary>The client's own wish.</summary>
    public void Leaves() => _why = "the member has left";

    /// <returns>False when nobody waits for that answer.</returns>
    public bool Replied(Reply reply) => _asked.TryRemove(reply.Query, out TaskCompletionSource<Reply>? waits) && waits.TrySetResult(reply);

    ValueTask IMemberObserver.Message(in ReadOnlySequence<byte> payload, MessageContext context, string? typeId, CancellationToken ct) =>
        outbox.EventAsync(
            new MessageFrame(context.Id.ToString(), context.Sender?.ToString(), context.Order, context.Position, Type(typeId), Bytes(payload)), ct);

    async ValueTask<ReadOnlyMemory<byte>> IQueryObserver.Query(ReadOnlySequence<byte> payload, MessageContext context, string? typeId, CancellationToken ct)
    {
        long number = Interlocked.Increment(ref _lastQuery);
        TaskCompletionSource<Reply> waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[number] = waits;
        try
        {
            outbox.Event(new Ask(number, context.Id.ToString(), context.Sender?.ToString(), context.Order, context.Position, typeId ?? "", Bytes(payload)));
            Reply reply = await waits.Task.WaitAsync(ct).ConfigureAwait(false);
            return reply.Ok ? reply.Payload : throw new ClientException(Encoding.UTF8.GetString(reply.Payload.Span));
        }
        finally
        {
            _asked.TryRemove(number, out _);
        }
    }

    void IMemberObserver.Notice(GroupEvent notice, NodeId node)
    {
        outbox.Event(FrameOf(notice, node));
        if (notice is ViewInstalled or Left)
            _firstView.TrySetResult();
    }

    private GatewayFrame FrameOf(GroupEvent notice, NodeId node) => notice switch
    {
        ViewInstalled { View: { } view } => new ViewFrame(
            view.Group, view.Id.ToString(), new MemberId(node, name).ToString(), Names(view.Members), Names(view.Joined), Names(view.Left), Texts.Cut(view.Reason), view.Token.ToString()),
        Transitional transitional => new Notice(FrameKind.Transitional, transitional.View.ToString()),
        PrimaryLost lost => new Notice(FrameKind.PrimaryLost, Texts.Cut(lost.Reason)),
        PrimaryRegained => new Notice(FrameKind.PrimaryRegained, ""),
        GroupLost => new Notice(FrameKind.GroupLost, ""),
        Excluded excluded => new Notice(FrameKind.Excluded, Texts.Cut(excluded.Reason)),
        Reset => new Notice(FrameKind.Reset, "the member is back in another life of this node"),
        Left => new Notice(FrameKind.Left, _why),
        _ => throw new InvalidOperationException($"unknown event {notice.GetType().Name}"),
    };

    private static string? Type(string? typeId) => string.IsNullOrEmpty(typeId) ? null : typeId;

    private static ReadOnlyMemory<byte> Bytes(in ReadOnlySequence<byte> payload) => payload.IsSingleSegment ? payload.First : payload.ToArray();

    private static string[] Names(System.Collections.Generic.IReadOnlyList<MemberId> members) => [.. members.Select(static member => member.ToString())];
}

/// <summary>A client's query handler failed; the text is its own.</summary>
internal sealed class ClientException(string message) : Exception(message);
