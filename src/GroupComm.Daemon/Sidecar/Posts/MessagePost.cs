using System;
using System.Buffers;
using System.IO.Hashing;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Sidecar.Events;
using GroupComm.Runtime.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GroupComm.Daemon.Sidecar.Posts;

/// <summary><c>POST /v1/groups/{group}/messages</c>: one multicast, and how far it came in the time that the client gives.</summary>
internal sealed class MessagePost(IGroupCommNode node, INodePort port, SessionTable sessions, IdempotencyTable kept)
{
    private const int LongestType = 256;
    private const int LongestKey = 256;

    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(5);

    public async Task AnswerAsync(HttpContext context, string group)
    {
        HttpRequest request = context.Request;
        Query.Allow(request, "order", "wait", "timeout", "member", "type");
        DeliveryOrder order = Query.Order(request);
        Stage wanted = Query.Wait(request);
        TimeSpan timeout = Query.Time(request, "timeout", s_usual);
        IGroup? member = Member(group, Query.Member(request));
        string? type = Type(request);
        if (request.ContentLength > port.MaxMessageSize)
            throw Problem.TooLarge(request.ContentLength.Value, port.MaxMessageSize);
        Check(group, member, order);
        byte[] payload = await BodyAsync(context).ConfigureAwait(false);

        using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(timeout);
        SendReceipt receipt = await SendAsync(request, group, member, type, payload, order, time.Token).ConfigureAwait(false);
        Stage reached = await ReachAsync(receipt, wanted, time.Token).ConfigureAwait(false);
        await Reply.JsonAsync(context, reached >= wanted ? 200 : 202, json =>
        {
            json.WriteString("message", receipt.Id.ToString());
            json.WriteNumber("view", receipt.Id.View);
            json.WriteString("stage", reached.ToString().ToLowerInvariant());
        }).ConfigureAwait(false);
    }

    private IGroup? Member(string group, string? name) => name is null ? null
        : sessions.Find(group, name) ?? throw new Problem(
            404, "unknown-member", $"'{name}' is no client member of '{group}' on this daemon", $"join first: GET /v1/groups/{group}/events?member={name}");

    /// <summary>What is sent with the payload: the type that a .NET handler registered, else the media type.</summary>
    internal static string? Type(HttpRequest request)
    {
        string? type = Query.Text(request, "type") ?? request.ContentType;
        return type is null || type.Length <= LongestType ? type
            : throw Problem.Bad("bad-type", $"the type has {type.Length} characters, at most {LongestType} are carried", "shorten it");
    }

    private void Check(string group, IGroup? member, DeliveryOrder order)
    {
        if (!node.IsPrimary)
            throw Problem.NotPrimary(node.Waiting);
        if (port.FindGroup(group) is not { } known)
            throw Problem.UnknownGroup(group);
        if (!known.Open && member is null)
            throw Problem.Of(new InvalidOperationException("is closed"), group);
        if (known.AgreedOnly && order < DeliveryOrder.Agreed)
            throw Problem.Bad("order-not-carried", $"group '{group}' was created for agreed and safe messages only; nothing was sent", "use order=agreed or order=safe");
    }

    /// <summary>All of the body before anything is sent.</summary>
    private async Task<byte[]> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null; // ours counts, and says so in our words
        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            if (read.Buffer.Length > port.MaxMessageSize)
            {
                reader.AdvanceTo(read.Buffer.End);
                context.Response.Headers.Connection = "close"; // who knows how much would follow
                throw Problem.TooLarge(0, port.MaxMessageSize);
            }
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<SendReceipt> SendAsync(
        HttpRequest request, string group, IGroup? member, string? type, byte[] payload, DeliveryOrder order, CancellationToken time)
    {
        string? key = request.Headers["Idempotency-Key"];
        try
        {
            if (string.IsNullOrEmpty(key))
                return await port.SendAsync(group, member, type, payload, order, time).ConfigureAwait(false);
            if (key.Length > LongestKey)
                throw Problem.Bad("bad-key", $"the Idempotency-Key has {key.Length} characters, at most {LongestKey} are kept; nothing was sent", "shorten it");
            // A client that hangs up may come back with its key, so its send goes on without it.
            if (!kept.TrySend(group, key, Hash(member, type, payload, order), () => SendOnAsync(group, member, type, payload, order), out Task<SendReceipt> sent))
                throw new Problem(422, "key-reused", "this Idempotency-Key stands for another message; nothing was sent", "use a fresh key for each message");
            return await sent.WaitAsync(time).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw key is null
                ? new Problem(503, "not-admitted", "the time is over before the message was admitted: the group is busy, or its view changes; nothing was sent", "retry, or give more ?timeout=") { RetryAfter = 1 }
                : new Problem(504, "outcome-unknown", "the time is over before the message was admitted; it may be sent yet", "ask again with the same Idempotency-Key");
        }
        catch (Exception error) when (error is GroupCommException or InvalidOperationException or ArgumentException)
        {
            throw Problem.Of(error, group);
        }
    }

    private async Task<SendReceipt> SendOnAsync(string group, IGroup? member, string? type, byte[] payload, DeliveryOrder order)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        return await port.SendAsync(group, member, type, payload, order, limit.Token).ConfigureAwait(false);
    }

    private static async Task<Stage> ReachAsync(SendReceipt receipt, Stage wanted, CancellationToken time)
    {
        Stage reached = Stage.Accepted;
        try
        {
            if (wanted >= Stage.Delivered)
            {
                await receipt.Delivered.WaitAsync(time).ConfigureAwait(false);
                reached = Stage.Delivered;
            }
            if (wanted >= Stage.Safe)
            {
                await receipt.Safe.WaitAsync(time).ConfigureAwait(false);
                reached = Stage.Safe;
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over: the answer says what was reached.
        }
        catch (OutcomeUnknownException error)
        {
            throw Problem.Of(error, "");
        }
        return reached;
    }

    private static UInt128 Hash(IGroup? member, string? type, byte[] payload, DeliveryOrder order)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes($"{member?.Self}\n{type}\n{(int)order}\n"));
        hash.Append(payload);
        return hash.GetCurrentHashAsUInt128();
    }
}
