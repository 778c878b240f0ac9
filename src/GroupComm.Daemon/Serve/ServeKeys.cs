using System.Collections.Generic;

namespace GroupComm.Daemon.Serve;

/// <summary>How one setting is written.</summary>
/// <param name="Flag">On the command line.</param>
/// <param name="Key">Below <c>GroupComm</c> in a file; <c>GROUPCOMM__Key</c> in the environment.</param>
/// <param name="Default">For people.</param>
internal sealed record ServeKey(string? Flag, string Key, string Default);

/// <summary>The settings of <c>serve</c>; docs/sidecar.md has this table, and a test compares.</summary>
internal static class ServeKeys
{
    public static readonly IReadOnlyList<ServeKey> All =
    [
        new("--name", "Name", "host and port"),
        new("--cluster", "Cluster", "default"),
        new("--listen", "Listen", "127.0.0.1:7400"),
        new("--advertise", "Advertise", "the bound address"),
        new("--seed", "Seeds", "none"),
        new("--dns", "Dns", "none"),
        new(null, "DnsRefresh", "5s"),
        new("--expected-nodes", "ExpectedNodes", "counted from the seeds"),
        new("--tls-cert", "TlsCert", "none"),
        new("--tls-key", "TlsKey", "none"),
        new("--tls-ca", "TlsCa", "none"),
        new("--tls-allow-wildcard", "TlsAllowWildcard", "false"),
        new("--insecure-peers", "AllowPlaintext", "false"),
        new(null, "HeartbeatInterval", "100ms"),
        new("--suspicion-timeout", "SuspicionTimeout", "1s"),
        new(null, "LeaveTimeout", "5s"),
        new("--no-rejoin", "Rejoin", "true"),
        new(null, "SendWindow", "4194304"),
        new(null, "MaxMessageSize", "67108864"),
        new(null, "StateTransferTimeout", "30s"),
        new("--trace", "TraceFile", "none"),
        new("--http", "Http", "127.0.0.1:7480"),
        new("--socket", "Socket", "none"),
        new("--tcp", "Tcp", "none"),
        new("--insecure", "Insecure", "false"),
        new("--token-file", "TokenFile", "none"),
        new("--admin-token-file", "AdminTokenFile", "none"),
        new("--http-cert", "HttpCert", "none"),
        new("--http-key", "HttpKey", "none"),
        new("--log-level", "LogLevel", "info"),
        new("--log-format", "LogFormat", "text"),
        new("--otlp", "Otlp", "none"),
        new("--load", "Load", "none"),
    ];
}
