using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Core.Streams;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Exchange;

/// <summary>
/// Unicasts, queries and barrier reads between the application and the core: who waits for room, who waits for answers,
/// who waits for a barrier. Belongs to the core's owner. Bound: one entry per call that is under way.
/// </summary>
internal sealed class ExchangeDesk
{
    private readonly LinkedList<UnicastRequest> _unicasts = [];
    private readonly HashSet<NodeId> _full = [];
    private readonly LinkedList<QueryRequest> _asking = [];
    private readonly Dictionary<(long View, long Sequence), QueryRequest> _queries = [];
    private readonly Queue<ReadRequest> _reads = new();
    private long _lastRead;
    private Func<Exception>? _over;

    /// <summary>Why nothing is taken any more.</summary>
    public Exception Over() => _over?.Invoke() ?? new GroupCommException("this node is no longer in the cluster");

    /// <summary>A new core of the same node takes over.</summary>
    public void Begin() => _over = null;

    public void Send(NodeCore core, UnicastRequest request)
    {
        // First come, first served: nobody overtakes one who waits for the same node.
        bool waits = false;
        foreach (UnicastRequest other in _unicasts)
            waits |= other.To == request.To && !other.IsDecided;
        if ((waits && !request.FromHandler) || !TrySend(core, request))
            _unicasts.AddLast(request);
    }

    public void Ask(NodeCore core, QueryRequest request)
    {
        if (!TryAsk(core, request))
            _asking.AddLast(request);
    }

    public void Read(NodeCore core, ReadRequest request)
    {
        request.Number = ++_lastRead;
        if (core.StartRead(request.Number) is { } reason)
            request.Fail(new NotPrimaryException(reason));
        else
            _reads.Enqueue(request);
    }

    /// <summary>At the end of a turn's inputs: tries those who wait again.</summary>
    public void Retry(NodeCore core)
    {
        if (_unicasts.Count > 0)
        {
            _full.Clear();
            for (LinkedListNode<UnicastRequest>? node = _unicasts.First; node is not null;)
            {
                LinkedListNode<UnicastRequest> at = node;
                node = node.Next;
                if (at.Value.IsDecided || (!_full.Contains(at.Value.To) && TrySend(core, at.Value)))
                    _unicasts.Remove(at);
                else
                    _full.Add(at.Value.To);
            }
        }
        for (LinkedListNode<QueryRequest>? node = _asking.First; node is not null;)
        {
            LinkedListNode<QueryRequest> at = node;
            node = node.Next;
            if (at.Value.Cancelled || TryAsk(core, at.Value))
                _asking.Remove(at);
        }
    }

    public void Answered(QueryAnswer answer)
    {
        if (_queries.TryGetValue((answer.View, answer.Sequence), out QueryRequest? query))
            query.Add(answer);
    }

    public void Ended(QueryEnd end)
    {
        if (_queries.Remove((end.View, end.Sequence), out QueryRequest? query))
            query.End(end);
    }

    /// <summary>Nobody listens to the query any more.</summary>
    public void Cancel(NodeCore core, QueryRequest query)
    {
        query.Cancelled = true;
        if (query.Id is { } id && _queries.Remove(id))
            core.CancelQuery(id.View, id.Sequence);
    }

    /// <summary>The next read up to this number, in order; null when there is none.</summary>
    public ReadRequest? TakeRead(long upTo) => _reads.TryPeek(out ReadRequest? read) && read.Number <= upTo ? _reads.Dequeue() : null;

    /// <summary>The member left its group: what it waits for ends.</summary>
    public void Forget(NodeCore core, Member member)
    {
        foreach (QueryRequest query in new List<QueryRequest>(_queries.Values))
            if (query.Asker == member)
            {
                Cancel(core, query);
                query.Fail(Left(member));
            }
        foreach (QueryRequest query in _asking)
            if (query.Asker == member)
            {
                query.Cancelled = true;
                query.Fail(Left(member));
            }
    }

    /// <summary>The node is out: everything that waits fails. What was numbered may have been answered by some.</summary>
    public void End(Func<Exception> error, string reason)
    {
        _over = error;
        foreach (UnicastRequest request in _unicasts)
            request.Refuse(error());
        foreach (QueryRequest query in _asking)
            query.Fail(error());
        foreach (QueryRequest query in _queries.Values)
            query.Fail(new OutcomeUnknownException($"the query was numbered, then this node stopped ({reason}): the others may or may not have it"));
        foreach (ReadRequest read in _reads)
            read.Fail(error());
        _unicasts.Clear();
        _asking.Clear();
        _queries.Clear();
        _reads.Clear();
    }

    private static InvalidOperationException Left(Member member) => new($"the member left group '{member.Handle.Name}' before its query ended");

    /// <returns>False when it has to wait.</returns>
    private static bool TrySend(NodeCore core, UnicastRequest request)
    {
        Admission admission;
        lock (request.Gate)
        {
            if (request.IsDecided)
                return true;
            admission = core.SendDirect(request.To, request.Item, request.FromHandler);
            if (admission == Admission.Wait)
                return false;
            request.IsDecided = true;
        }
        if (admission == Admission.Admitted)
            request.Complete();
        else
            request.Fail(Refusal(admission, request.To));
        return true;
    }

    private bool TryAsk(NodeCore core, QueryRequest query)
    {
        Admission admission = core.StartQuery(
            query.Group, query.Asker.Slot, query.TypeId, query.Order, query.Payload, query.Wanted, out ViewKey view, out long sequence);
        switch (admission)
        {
            case Admission.Wait:
                return false;
            case Admission.Admitted:
                query.Id = (view.Id, sequence);
                _queries.Add((view.Id, sequence), query);
                return true;
            case Admission.NotPrimary:
                query.Fail(new NotPrimaryException("no quorum of members is heard"));
                return true;
            default:
                query.Fail(admission is Admission.NoGroup or Admission.NoMember ? Left(query.Asker) : Over());
                return true;
        }
    }

    private static Exception Refusal(Admission admission, NodeId to) => admission switch
    {
        Admission.NoGroup => new GroupCommException($"node {to} left the cluster before the message was sent to it; it was not sent"),
        Admission.ReserveFull => new InvalidOperationException(
            $"node {to} has not handled {(Core.Direct.DirectLimits.Window + Core.Direct.DirectLimits.Reserve) >> 20} MiB of unicasts; send less per handled message, or outside of the handler"),
        _ => new GroupCommException("this node is no longer in the cluster; the message was not sent"),
    };
}
