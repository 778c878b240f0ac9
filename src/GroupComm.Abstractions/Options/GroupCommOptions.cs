using System;
using System.Collections.Generic;

namespace GroupComm;

/// <summary>How a node finds its cluster and what it may use. Validated at start; a mistake is a <see cref="JoinException"/>
/// with step <see cref="JoinStep.Options"/> that names the fix.</summary>
public sealed class GroupCommOptions
{
    /// <summary>Nodes of other clusters are refused. Default <c>default</c>; same alphabet as a node name.</summary>
    public string Cluster { get; set; } = "default";

    /// <summary>The node's name. Default <c>host-port</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Where peers connect, <c>host:port</c>; port 0 takes a free one. Default <c>127.0.0.1:7400</c>.</summary>
    public string Listen { get; set; } = "127.0.0.1:7400";

    /// <summary>The address that peers are told. Default: the bound one, or the local address of the first peer connection.</summary>
    public string? Advertise { get; set; }

    /// <summary>Endpoints of some nodes of the cluster, <c>host:port</c>.</summary>
    public IList<string> Seeds { get; } = [];

    /// <summary>A name whose addresses are those of the nodes, <c>name:port</c>, for example a headless service: every A and
    /// AAAA record is dialled at that port, and the name is asked again every <see cref="DnsRefresh"/>. The records must also
    /// show nodes that are not ready. Needs <see cref="ExpectedNodes"/>. Default none.</summary>
    public string? Dns { get; set; }

    /// <summary>Between two look-ups of <see cref="Dns"/>. Default 5 s, 100 ms … 1 h; after a failed one 1 s at most.</summary>
    public TimeSpan DnsRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many nodes must meet before the first view, 1 … 64. 0 (default): 1 without seeds, else the number of
    /// distinct seeds, plus one when the node's own endpoint is not among them. Must be stated with <see cref="Dns"/>, whose
    /// records come and go.</summary>
    public int ExpectedNodes { get; set; }

    /// <summary>A PEM file with this node's certificate and, after it, the intermediate ones: with <see cref="TlsKey"/> and
    /// <see cref="TlsCa"/> every link with a peer is mutual TLS 1.3. It states <c>groupcomm://CLUSTER/NODE</c> as a URI in its subject
    /// alternative name; if <see cref="Name"/> is not set, that node is the name. All three files are read again when they
    /// change; links that stand go on. Default none: links are plain, which needs <see cref="AllowPlaintext"/> off loopback.</summary>
    public string? TlsCert { get; set; }

    /// <summary>A PEM file with the private key of <see cref="TlsCert"/>, not encrypted.</summary>
    public string? TlsKey { get; set; }

    /// <summary>A PEM file with the CA, or several, whose certificates peers may show.</summary>
    public string? TlsCa { get; set; }

    /// <summary>Accepts peers whose certificate is for any node, <c>groupcomm://CLUSTER/*</c>: whoever holds it can speak as every
    /// node. Default false.</summary>
    public bool TlsAllowWildcard { get; set; }

    /// <summary>Allows peers off loopback without TLS; without effect where there are certificates. Default false.</summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>Between two heartbeats. Default 100 ms, 10 ms … 10 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Silence after which a node is suspected. Default 1 s, at least 3 heartbeats.</summary>
    public TimeSpan SuspicionTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest graceful leave. Default 5 s.</summary>
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a node that was excluded, or lost its cluster, begins a new life in this process and joins its members
    /// again: the same <see cref="IGroup"/> lives on. Never after a later life took the name. Default true.</summary>
    public bool Rejoin { get; set; } = true;

    /// <summary>Bytes a node may have sent that the slowest member has not consumed. Default 4 MiB, 64 KiB … 1 GiB.</summary>
    public int SendWindow { get; set; } = 4 << 20;

    /// <summary>The largest payload in bytes. Default 64 MiB.</summary>
    public int MaxMessageSize { get; set; } = 64 << 20;

    /// <summary>A state transfer without progress for so long is given up: the joiner asks the next donor. Default 30 s, at
    /// most 24 h.</summary>
    public TimeSpan StateTransferTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A trace file of everything this node does, for <c>groupcomm check</c>. Default none.</summary>
    public string? TraceFile { get; set; }

    /// <summary>How messages become bytes. Default MessagePack with string keys.</summary>
    public IMessageSerializer? Serializer { get; set; }
}
