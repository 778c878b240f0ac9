using System;
using System.Reflection;

namespace GroupComm.Runtime.Groups;

/// <summary>Id and usual order of a message type, read once from its attribute.</summary>
internal static class MessageType<T>
{
    /// <summary>Id on the wire.</summary>
    public static readonly string Id;

    /// <summary>Order of the attribute; 0 when it names none.</summary>
    public static readonly DeliveryOrder Order;

    static MessageType()
    {
        GroupMessageAttribute? attribute = typeof(T).GetCustomAttribute<GroupMessageAttribute>();
        Id = attribute?.Id ?? typeof(T).FullName ?? typeof(T).Name;
        Order = attribute?.Order ?? default;
    }
}
