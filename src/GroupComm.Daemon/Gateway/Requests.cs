using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Gateway.Protocol;
using GroupComm.Runtime.Groups;

namespace GroupComm.Daemon.Gateway;

/// <summary>Carries out what a client asks for. Nothing here throws: what fails is told to the client with its ref.</summary>
internal sealed class Requests(GatewayNode node, Outbox outbox, CancellationToken over)
{
    private Membership? _member;

    /// <summary>Completes when the next may follow: a send is admitted then, what takes long goes on by itself.</summary>
    public async Task DoAsync(GatewayFrame frame)
    {
        switch (frame)
        {
            case Send send:
                await SendAsync(send).ConfigureAwait(false);
                break;
            case SendTo send:
                await DoneAsync(send.Ref, SendToAsync(send), FrameKind.Done).ConfigureAwait(false);
                break;
            case Part part:
                await (_member?.States.PartAsync(part) ?? Task.CompletedTask).ConfigureAwait(false);
                break;
            case End end:
                _member?.States.End(end);
                break;
            case Join join:
                _ = DoneAsync(join.Ref, JoinAsync(join), FrameKind.Reached);
                break;
            case Query query:
                _ = DoneAsync(query.Ref, QueryAsync(query), FrameKind.Done);
                break;
            case Numbered { Kind: FrameKind.Leave } leave:
                _ = DoneAsync(leave.Number, LeaveAsync(), FrameKind.Reached);
                break;
            case Numbered { Kind: FrameKind.Barrier } barrier:
                _ = DoneAsync(barrier.Number, BarrierAsync(), FrameKind.Reached);
                break;
            default:
                throw new InvalidOperationException($"unknown request {frame.Kind}");
        }
    }

    /// <summary>What must not wait for what is before it.</summary>
    public void DoAtOnce(GatewayFrame frame)
    {
        if (frame is Reply reply)
        {
            if (reply.Payload.Length > GatewayLimits.MaxReply)
                reply = new Reply(reply.Query, false, Encoding.UTF8.GetBytes($"the reply has {reply.Payload.Length} bytes, the maximum is {GatewayLimits.MaxReply}"));
            _member?.Replied(reply);
        }
        else
        {
            _ = SendAsync((Send)frame);
        }
    }

    /// <summary>The member leaves.</summary>
    public void End()
    {
        if (_member?.Handle is { } handle)
            _ = DoneAsync(0, handle.LeaveAsync(CancellationToken.None), null);
    }

    private GroupHandle Member => _member?.Handle ?? throw GatewayErrors.NoMembership();

    private async Task SendAsync(Send send)
    {
        try
        {
            bool inHandler = send.Flags.HasFlag(SendFlags.InHandler);
            SendReceipt receipt = send.Group is { } group
                ? await node.Port.SendAsync(Known(group), null, send.Type, send.Payload, send.Order, over).ConfigureAwait(false)
                : await Member.SendBytes(send.Payload, send.Order, inHandler, over, send.Type).ConfigureAwait(false);
            string id = receipt.Id.ToString();
            if (send.Flags.HasFlag(SendFlags.TellAccepted))
                outbox.Answer(new Receipt(send.Ref, ReceiptStage.Accepted, id));
            if (send.Flags.HasFlag(SendFlags.TellDelivered))
                _ = TellAsync(send.Ref, receipt.Delivered, ReceiptStage.Delivered, id);
            if (send.Flags.HasFlag(SendFlags.TellSafe))
                _ = TellAsync(send.Ref, receipt.Safe, ReceiptStage.Safe, id);
        }
        catch (Exception error)
        {
            Fail(send.Ref, error);
        }
    }

    private string Known(string group) => node.Port.FindGroup(group) is not null || !node.Node.IsPrimary ? group
        : throw Sidecar.Problem.UnknownGroup(group);

    private async Task TellAsync(long number, Task stage, ReceiptStage reached, string id)
    {
        try
        {
            await stage.ConfigureAwait(false);
            outbox.Answer(new Receipt(number, reached, id));
        }
        catch (Exception error)
        {
            Fail(number, error);
        }
    }

    private async Task SendToAsync(SendTo send)
    {
        GroupHandle from = Member;
        MemberId to = Identities.Member(send.To);
        await from.SendBytesToAsync(to, send.Type, send.Payload.ToArray(), over).ConfigureAwait(false);
    }

    private async Task QueryAsync(Query query)
    {
        QueryTarget target = query.Target switch { 0 => QueryTarget.All, -1 => QueryTarget.Majority, int count => QueryTarget.First(count) };
        IAsyncEnumerable<QueryAnswer> answers = Member.QueryBytesAsync(query.Type, query.Payload.ToArray(), query.Order, target, over);
        await foreach (QueryAnswer answer in answers.ConfigureAwait(false))
        {
            string member = new MemberId(answer.Member.Node, answer.Member.Name).ToString();
            AnswerStatus status = answer.Item is not { } item ? AnswerStatus.Departed
                : item.Kind == DirectKind.ReplyError ? AnswerStatus.Error : AnswerStatus.Value;
            outbox.Answer(new Answer(query.Ref, member, status, answer.Item?.Payload ?? default));
        }
    }

    private async Task BarrierAsync() => await Member.BarrierAsync(over).ConfigureAwait(false);

    private async Task LeaveAsync()
    {
        Membership member = _member is { Handle: not null } known ? known : throw GatewayErrors.NoMembership();
        member.Leaves();
        await member.Handle!.LeaveAsync(over).ConfigureAwait(false);
        _member = null;
    }

    private async Task JoinAsync(Join join)
    {
        if (_member is { } before && before.Handle?.Status is not (GroupStatus.Left or GroupStatus.Excluded))
            throw GatewayErrors.MemberAlready();
        string name = join.Member ?? $"g{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6))}";
        Membership member = _member = new Membership(outbox, name);
        try
        {
            member.Handle = (GroupHandle)await node.Node.JoinAsync(join.Group, builder =>
            {
                GroupOptions options = builder.Options;
                (options.MemberName, options.SlowConsumerTimeout) = (name, TimeSpan.FromMilliseconds(join.Options.SlowConsumerTimeout));
                (options.Open, options.AgreedOnly, options.StartEmptyWhenStateIsLost) =
                    (join.Options.Open, join.Options.AgreedOnly, join.Options.StartEmptyWhenStateIsLost);
                ((GroupBuilder)builder).Observe(member, join.Options.States);
                if (join.Options.State)
                    builder.RegisterState(member.States.CaptureAsync, member.States.RestoreAsync);
            }, over).ConfigureAwait(false);
            await member.FirstView.WaitAsync(over).ConfigureAwait(false);
        }
        catch
        {
            _member = null;
            throw;
        }
        if (over.IsCancellationRequested)
            End();
    }

    private async Task DoneAsync(long number, Task work, FrameKind? done)
    {
        try
        {
            await work.ConfigureAwait(false);
            if (done == FrameKind.Reached)
                outbox.Event(new Numbered(FrameKind.Reached, number));
            else if (done is { } kind)
                outbox.Answer(new Numbered(kind, number));
        }
        catch (Exception error)
        {
            if (done is not null)
                Fail(number, error);
        }
    }

    private void Fail(long number, Exception error)
    {
        if (!over.IsCancellationRequested)
            outbox.Answer(GatewayErrors.Of(number, error, node.Log));
    }
}
