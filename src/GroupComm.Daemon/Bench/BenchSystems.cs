using System.Collections.Generic;

namespace GroupComm.Daemon.Bench;

/// <summary>What can be measured beside each other.</summary>
internal static class BenchSystems
{
    public const string GroupComm = "groupcomm";

    /// <summary>The limit: the same frames over plain TCP.</summary>
    public const string Raw = "raw";

    /// <summary>The round trip of the minute; not a system of its own.</summary>
    public const string Ping = "ping";

    /// <summary>Other systems, with drivers in <c>interop/peers</c>, and the order that they give.</summary>
    public static readonly IReadOnlyDictionary<string, DeliveryOrder> Peers = new Dictionary<string, DeliveryOrder>
    {
        ["corosync"] = DeliveryOrder.Agreed,
        ["jgroups"] = DeliveryOrder.Agreed,
        ["nats"] = DeliveryOrder.Fifo,
        ["redis"] = DeliveryOrder.Agreed,
    };

    public static readonly IReadOnlyList<string> Names = [Raw, .. Peers.Keys];
}
