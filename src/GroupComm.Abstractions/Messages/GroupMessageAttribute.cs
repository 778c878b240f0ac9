using System;

namespace GroupComm;

/// <summary>Names a message type on the wire and its usual order. Without it the id is the full type name without assembly.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class GroupMessageAttribute(string id) : Attribute
{
    /// <summary>The type's id on the wire, 1 … 256 characters.</summary>
    public string Id { get; } = id;

    /// <summary>The order of <see cref="IGroup.SendAsync{T}(T, System.Threading.CancellationToken)"/>; unset, the group's default.</summary>
    public DeliveryOrder Order { get; set; }
}
