using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Groups;

/// <summary>A group as this node knows it, hosting members or not. Changed by the core's owner, read by senders.</summary>
internal sealed class GroupEntry(int number, string name, GroupTraits traits, int life)
{
    private volatile LocalGroupView? _view;

    public int Number => number;

    public string Name => name;

    /// <summary>The life of the node whose table has this number.</summary>
    public int Life => life;

    public GroupTraits Traits => traits;

    /// <summary>The latest installed view.</summary>
    public LocalGroupView? View { get => _view; set => _view = value; }

    /// <summary>The members on this node; owner only.</summary>
    public List<Member> Local { get; } = [];

    /// <summary>Deliveries in this group view so far; owner only.</summary>
    public long Position { get; set; }

    /// <summary>Refuses an order that the group does not carry.</summary>
    public void CheckOrder(DeliveryOrder order)
    {
        if (traits.AgreedOnly && order < DeliveryOrder.Agreed)
            throw new InvalidOperationException($"group '{name}' was created for agreed and safe messages only; send with one of these orders");
    }
}
