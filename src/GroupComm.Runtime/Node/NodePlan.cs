using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using GroupComm.Core;
using GroupComm.Transport;

namespace GroupComm.Runtime.Node;

/// <summary>Options that were checked. Every mistake is a <see cref="JoinException"/> whose text names the fix.</summary>
internal sealed class NodePlan
{
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ShortestRefresh = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromSeconds(10);

    public NodePlan(GroupCommOptions options)
    {
        Options = options;
        Check(NodeId.IsValidName(options.Cluster), $"Cluster '{options.Cluster}' is not a name: use 1 to 64 of A-Z a-z 0-9 . _ -");
        Check(options.Name is null || NodeId.IsValidName(options.Name), $"Name '{options.Name}' is not a name: use 1 to 64 of A-Z a-z 0-9 . _ -");
        Listen = Parse(options.Listen, "Listen");
        if (options.Advertise is not null)
        {
            Endpoint advertise = Parse(options.Advertise, "Advertise");
            Check(!IsWildcard(advertise.Host) && advertise.Port != 0, $"Advertise '{options.Advertise}' cannot be reached: name one address and port of this node");
        }
        Seeds = [.. options.Seeds.Select(seed => Parse(seed, "Seeds")).Distinct()];
        Check(Seeds.All(seed => seed.Port != 0), "a seed has port 0: name the port on which that node listens");
        if (options.Dns is not null)
        {
            Dns = Parse(options.Dns, "Dns");
            Check(Dns.Value.Port != 0, $"Dns '{options.Dns}' has port 0: name the port on which the nodes listen");
            Check(options.ExpectedNodes != 0, $"Dns '{options.Dns}' needs ExpectedNodes: records come and go, so say how many nodes found the cluster, for example 3");
        }
        CheckTls(options);
        Check(options.DnsRefresh >= ShortestRefresh && options.DnsRefresh <= TimeSpan.FromHours(1), $"DnsRefresh is {options.DnsRefresh}: 100 ms to 1 h");
        Check(options.ExpectedNodes is >= 0 and <= 64, $"ExpectedNodes is {options.ExpectedNodes}: 0 (count the seeds) to 64");
        Check(options.HeartbeatInterval >= ShortestHeartbeat && options.HeartbeatInterval <= LongestHeartbeat,
            $"HeartbeatInterval is {options.HeartbeatInterval}: 10 ms to 10 s");
        Check(options.SuspicionTimeout >= options.HeartbeatInterval * 3 && options.SuspicionTimeout <= TimeSpan.FromHours(1),
            $"SuspicionTimeout is {options.SuspicionTimeout}: at least three heartbeats ({options.HeartbeatInterval * 3}), at most 1 h");
        Check(options.LeaveTimeout > TimeSpan.Zero && options.LeaveTimeout <= TimeSpan.FromHours(1), $"LeaveTimeout is {options.LeaveTimeout}: above 0, at most 1 h");
        Check(options.StateTransferTimeout > TimeSpan.Zero && options.StateTransferTimeout <= TimeSpan.FromHours(24),
            $"StateTransferTimeout is {options.StateTransferTimeout}: above 0, at most 24 h");
        Check(options.SendWindow is >= 64 << 10 and <= 1 << 30, $"SendWindow is {options.SendWindow}: 64 KiB to 1 GiB");
        Check(options.MaxMessageSize is >= 1 and <= 64 << 20, $"MaxMessageSize is {options.MaxMessageSize}: 1 byte to 64 MiB");
    }

    public GroupCommOptions Options { get; }

    /// <summary>Who makes the node's meter; null: the node itself.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>The node's name by its certificate; null when that does not say.</summary>
    public string? CertifiedName { get; set; }

    public Endpoint Listen { get; }

    public IReadOnlyList<Endpoint> Seeds { get; }

    /// <summary>The name to ask for nodes; null without one.</summary>
    public Endpoint? Dns { get; }

    public CoreTimes Times => new(
        (int)Options.HeartbeatInterval.TotalMilliseconds, (int)Options.SuspicionTimeout.TotalMilliseconds, (int)Options.LeaveTimeout.TotalMilliseconds);

    /// <summary>The node's name once its port is known.</summary>
    public string NameAt(string bound) => Options.Name ?? CertifiedName ?? DefaultName(bound);

    /// <summary>How many nodes must meet before the first view.</summary>
    public int Expected(string ownAddress)
    {
        if (Options.ExpectedNodes > 0)
            return Options.ExpectedNodes;
        if (Seeds.Count == 0)
            return 1;
        return Endpoint.TryParse(ownAddress, Endpoint.DefaultPort, out Endpoint own) && Seeds.Contains(own) ? Seeds.Count : Seeds.Count + 1;
    }

    public static bool IsWildcard(string host) => host is "0.0.0.0" or "::";

    private static void CheckTls(GroupCommOptions options)
    {
        (string Name, string? Value)[] files = [(nameof(options.TlsCert), options.TlsCert), (nameof(options.TlsKey), options.TlsKey), (nameof(options.TlsCa), options.TlsCa)];
        string[] missing = [.. files.Where(file => string.IsNullOrEmpty(file.Value)).Select(file => file.Name)];
        Check(missing.Length is 0 or 3, $"TLS needs three files, and {string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} not set: TlsCert, TlsKey and TlsCa go together");
    }

    private static string DefaultName(string bound)
    {
        Span<char> name = stackalloc char[Math.Min(bound.Length, NodeId.MaxNameLength)];
        bound.AsSpan(bound.Length - name.Length).CopyTo(name);
        foreach (ref char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                c = '-';
        return new string(name);
    }

    private static Endpoint Parse(string? text, string option) =>
        Endpoint.TryParse(text, Endpoint.DefaultPort, out Endpoint endpoint, out string error)
            ? endpoint
            : throw new JoinException(JoinStep.Options, $"{option}: {error}");

    private static void Check(bool ok, string text)
    {
        if (!ok)
            throw new JoinException(JoinStep.Options, text);
    }
}
