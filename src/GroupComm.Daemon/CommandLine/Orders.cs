using System;

namespace GroupComm.Daemon.CommandLine;

/// <summary>The orders by the names that users write.</summary>
internal static class Orders
{
    public static readonly string[] Names = ["fifo", "causal", "agreed", "safe"];

    public static DeliveryOrder Parse(string text)
    {
        int at = Array.IndexOf(Names, text);
        return at >= 0 ? (DeliveryOrder)(at + 1) : throw new UsageException($"--order '{text}' is unknown: use one of {string.Join(", ", Names)}");
    }

    public static string Name(DeliveryOrder order) => Names[(int)order - 1];
}
