using System;
using System.Buffers;
using GroupComm.Core;
using GroupComm.Runtime.Delivery;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

/// <summary>What one Deliver effect brought, until it is handled.</summary>
internal sealed class KitUnit(int life, ViewKey view, int rank, long upTo)
{
    public int Life => life;

    public ViewKey View => view;

    public int Rank => rank;

    public long UpTo => upTo;

    public int Open { get; set; }
}

/// <summary>Something for a member, in order.</summary>
internal abstract record KitItem;

internal sealed record KitMessage(
    MessageId Id, MemberId? Sender, DeliveryOrder Order, LocalGroupView View, long Position, long Number, string? TypeId, byte[] Bytes, KitUnit Unit) : KitItem
{
    public ReadOnlySequence<byte> Payload => new(Bytes);
}

/// <summary>A view of the group with this member.</summary>
internal sealed record KitView(LocalGroupView View) : KitItem;

internal sealed record KitCapture(SimTransfer Transfer, int Life) : KitItem;

/// <summary>The state that was lost is begun anew.</summary>
internal sealed record KitEmpty : KitItem;

/// <summary>An event; with <paramref name="Ends"/> the last.</summary>
internal sealed record KitNotice(GroupEvent Event, GroupStatus? Ends = null) : KitItem;

/// <summary>Something that comes after all that is before it.</summary>
internal sealed record KitMark(Action Reached) : KitItem;

/// <summary>The state of an application on its way.</summary>
internal sealed record KitSnapshot(byte[] Bytes, KitHistory? History, string Donor);
