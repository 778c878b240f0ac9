using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Core.Streams;

namespace GroupComm.Testing.Simulation;

// Clients that send unicasts, ask and read.
internal sealed partial class SimCluster
{
    private readonly ExchangeWatch _watch = new();
    private readonly List<(NodeId From, long UpTo)> _handled = [];
    private SimRandom _side = new(0);

    private void RunExchanges(SimNode node)
    {
        if (Mix.UnicastPerMille > 0)
            for (int i = 0; i < 3 && _side.Chance(Mix.UnicastPerMille); i++)
                if (DrawMembership(node) is { } group)
                    SendUnicast(node, group, group.Members[_side.Below(group.Members.Count)], BitConverter.GetBytes(0L));
        if (Mix.QueryPerMille > 0 && _side.Chance(Mix.QueryPerMille) && DrawMembership(node) is { } asked)
            Ask(node, asked, order: asked.AgreedOnly ? DeliveryOrder.Agreed : (DeliveryOrder)_side.Between(1, 4), wanted: _side.Between(-1, 3), new byte[8]);
        if (Mix.ReadPerMille > 0 && _side.Chance(Math.Max(Mix.ReadPerMille, Mix.SendsAtWedge ? 500 : 0)))
            BeginRead(node);
    }

    private SimGroup? DrawMembership(SimNode node)
    {
        if (node.Groups.Count == 0)
            return null;
        SimGroup group = node.Groups.Values[_side.Below(node.Groups.Count)];
        return group.Member >= 0 && !group.LeaveAsked ? group : null;
    }

    /// <summary>The first eight bytes of <paramref name="payload"/> are overwritten with the pair's number, unless a script wrote it.</summary>
    private void SendUnicast(SimNode node, SimGroup group, GroupMember to, byte[] payload)
    {
        if (_script is null)
            BitConverter.TryWriteBytes(payload, _watch.Next(node.Id, to.Node));
        var item = new DirectItem(DirectKind.Message, group.Number, group.View.Number, to.Slot, group.Slot, null, 0, 0, payload);
        if (node.Core.SendDirect(to.Node, item, fromHandler: false) != Admission.Admitted)
            return;
        _watch.Sent(node.Id, to.Node);
        if (_script is null)
            Story?.Invoke(_now, $"{node.Id} sends unicast {_watch.Next(node.Id, to.Node) - 1} to {to.Node}");
    }

    private void Ask(SimNode node, SimGroup to, DeliveryOrder order, int wanted, byte[] payload)
    {
        if (node.Core.StartQuery(to.Number, to.Slot, null, order, payload, wanted, out ViewKey view, out long sequence) != Admission.Admitted)
            return;
        if (!node.Primary)
            node.AcceptedWhileNotPrimary++;
        _watch.Asked(node.Id, view.Id, sequence);
        Story?.Invoke(_now, $"{node.Id} asks {view.Id}:{sequence} for {wanted} answers of {to.Name}");
    }

    private void BeginRead(SimNode node)
    {
        if (node.Core.StartRead(++node.LastRead) is not null)
            return;
        node.Reads.Enqueue((node.LastRead, _now));
        Story?.Invoke(_now, $"{node.Id} begins read {node.LastRead}");
    }

    /// <summary>Such a read meets, late in the change, messages that the others have made safe in the next view.</summary>
    private void ReadBehindTheWedge(SimNode node)
    {
        if (!_clientsStopped && _side.Chance(Mix.ReadPerMille))
            Add(node, SimEventKind.Read, _side.Between(1, 150_000));
    }

    private void OnReadReady(SimNode node, long upTo)
    {
        while (node.Reads.TryPeek(out (long Number, long Begin) read) && read.Number <= upTo)
        {
            node.Reads.Dequeue();
            Story?.Invoke(_now, $"{node.Id} ends read {read.Number}");
            foreach (SimGroup group in node.Groups.Values)
                if (group.Member >= 0)
                    node.Trace.Read(group.Traced, read.Begin * 1000, _now * 1000, group.Position, _now * 1000, group.Member);
        }
    }

    private void OnUnicast(SimNode node, in Effect effect)
    {
        var item = (DirectItem)effect.Subject!;
        _handled.Add((effect.Node, effect.First));
        if (node.Groups.TryGetValue(item.Group, out SimGroup? group) && group.View.Number < item.GroupView)
            _watch.CameEarly(effect.Node, node.Id, item.GroupView, group.View.Number);
        if (item.Kind != DirectKind.Message || _script is not null || App is not null)
            return;
        long number = BitConverter.ToInt64(item.Payload.Span);
        Story?.Invoke(_now, $"{node.Id} is handed unicast {number} of {effect.Node}");
        _watch.Delivered(effect.Node, node.Id, number);
    }

    private void HandleUnicasts(SimNode node)
    {
        foreach ((NodeId from, long upTo) in _handled)
            if (node.Alive)
                node.Core.ConsumedDirect(from, upTo);
        _handled.Clear();
    }

    /// <summary>The member's handler answers, soon or some time later.</summary>
    private void ReplyLater(SimNode node, SimGroup group, in Segment query, NodeId asker, long view, long sequence)
    {
        var item = new DirectItem(
            _script is null && _side.Chance(100) ? DirectKind.ReplyError : DirectKind.Reply, group.Number, group.View.Number, query.Slot, group.Slot, null, view, sequence,
            System.Text.Encoding.UTF8.GetBytes(node.Name));
        Add(node, SimEventKind.Reply, _script is not null ? 0 : _side.Chance(700) ? 1 : _side.Between(1000, 90_000), (asker, item));
    }

    private void Reply(SimNode node, in SimEvent e)
    {
        (NodeId asker, DirectItem item) = ((NodeId, DirectItem))e.Subject!;
        node.Core.SendDirect(asker, item, fromHandler: true);
        EndInput(node);
    }

    private (string Law, string Text)? CheckExchanges()
    {
        _watch.End(_nodes);
        return _watch.Violation;
    }
}
