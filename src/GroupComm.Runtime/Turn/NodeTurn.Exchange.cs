using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Exchange;

namespace GroupComm.Runtime.Turn;

// Unicasts, answers to queries, barrier reads, on their way to members and callers.
internal partial class NodeTurn
{
    private readonly Dictionary<NodeId, ViewStreams> _unicasts = [];

    /// <summary>Who waits for room, answers or barriers.</summary>
    public ExchangeDesk Desk { get; } = new();

    /// <summary>Input: nobody listens to the query any more.</summary>
    public void Cancel(QueryRequest query) => Desk.Cancel(_core, query);

    /// <summary>A core of a new identity begins its streams anew.</summary>
    private void BeginExchange()
    {
        _unicasts.Clear();
        Desk.Begin();
    }

    private void ReportHandledUnicasts()
    {
        foreach ((NodeId peer, ViewStreams streams) in _unicasts)
            if (streams[0].TakeDone(_units) is > 0 and long upTo)
                _core.ConsumedDirect(peer, upTo);
    }

    private void CarryOutExchange(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.DeliverDirect:
                DeliverUnicast(effect.Node, effect.First, (DirectItem)effect.Subject!);
                break;
            case EffectKind.QueryAnswered:
                Desk.Answered((QueryAnswer)effect.Subject!);
                break;
            case EffectKind.QueryEnded:
                Desk.Ended((QueryEnd)effect.Subject!);
                break;
            case EffectKind.ReadReady:
                while (Desk.TakeRead(effect.Number) is { } read)
                    Serve(read);
                break;
            case EffectKind.ReadRefused:
                while (Desk.TakeRead(effect.Number) is { } read)
                    read.Fail(new NotPrimaryException(effect.Text));
                break;
            default:
                throw new System.InvalidOperationException($"unknown effect {effect.Kind}");
        }
    }

    private void DeliverUnicast(NodeId from, long sequence, DirectItem item)
    {
        if (!_unicasts.TryGetValue(from, out ViewStreams? streams))
            _unicasts.Add(from, streams = new ViewStreams(default, [new NodeInfo(from, "")]));
        bool wanted = item.Kind == DirectKind.Message && _members.ContainsKey(item.Target);
        DeliveryUnit unit = _units.Rent();
        UnicastUnit.Fill(unit, streams, sequence, wanted ? item : null);
        unit.Open(wanted ? 1 : 0);
        streams[0].Append(unit);
        if (wanted)
            Tell(_members[item.Target], new DeliveryItem(unit, null));
    }

    /// <summary>What was delivered so far is the state that the read may see; the member handles it first.</summary>
    private void Serve(ReadRequest read)
    {
        if (!_members.ContainsKey(read.Member.Slot))
        {
            read.Reached();
            return;
        }
        _parts.Trace?.Read(read.Member.Handle.Entry!.Number, read.Member.Name, read.Begin);
        Tell(read.Member, new DeliveryItem(null, MemberNotice.Marker(read.Reached)));
    }

    /// <summary>A view was installed: unicast streams of nodes that are not in it are over.</summary>
    private void EndUnicasts(InstalledView view)
    {
        foreach (NodeId peer in new List<NodeId>(_unicasts.Keys))
        {
            bool stays = false;
            foreach (NodeInfo member in view.Members)
                stays |= member.Id == peer;
            if (!stays)
                _unicasts.Remove(peer);
        }
    }
}
