using System;
using System.Collections.Generic;
using System.Globalization;

namespace GroupComm.Runtime.Telemetry;

/// <summary>Names and values of tags. Every value comes from a small closed set, but for the names of cluster, node and group,
/// which are configuration.</summary>
internal static class Tags
{
    public const string Cluster = "groupcomm.cluster";
    public const string Node = "groupcomm.node";
    public const string Order = "groupcomm.order";
    public const string CloseReason = "groupcomm.close.reason";
    public const string SuspicionReason = "groupcomm.suspicion.reason";

    /// <summary>Orders by number; index 0 is not used.</summary>
    public static readonly string[] Orders = ["", "fifo", "causal", "agreed", "safe"];

    /// <summary>Kinds of suspicion by number.</summary>
    public static readonly string[] Suspicions = ["silent", "refused", "replaced", "other"];

    public static KeyValuePair<string, object?> Of(string name, object? value) => new(name, value);

    /// <summary>The kind of a reason that was written for people: the text itself has too many values for a tag.</summary>
    public static int SuspicionKind(string reason) =>
        reason.StartsWith("silent", StringComparison.Ordinal) ? 0
        : reason == "connection refused" ? 1
        : reason == "new incarnation" || reason.EndsWith("answers at its address", StringComparison.Ordinal) ? 2
        : 3;

    /// <summary><c>SendBufferFull</c> as <c>send_buffer_full</c>.</summary>
    public static string Snake(string name)
    {
        string text = "";
        foreach (char c in name)
            text += char.IsUpper(c) ? $"{(text.Length > 0 ? "_" : "")}{char.ToLower(c, CultureInfo.InvariantCulture)}" : c;
        return text;
    }
}
