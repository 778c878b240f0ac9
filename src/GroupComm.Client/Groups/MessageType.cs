using System;
using System.Reflection;

namespace GroupComm.Client.Groups;

/// <summary>Id and usual order of a message type, read once from its attribute.</summary>
internal static class MessageType<T>
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxId = 256;

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

    public static string Checked => Id.Length is > 0 and <= MaxId
        ? Id : throw new ArgumentException($"the type id of {typeof(T)} has {Id.Length} characters; 1 to {MaxId} are allowed");
}
