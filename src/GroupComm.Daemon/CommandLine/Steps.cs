using System;

namespace GroupComm.Daemon.CommandLine;

/// <summary>The failing step of a join in words.</summary>
internal static class Steps
{
    public static string Name(JoinStep step) => step switch
    {
        JoinStep.Resolve => "resolve",
        JoinStep.Connect => "connect",
        JoinStep.Tls => "TLS",
        JoinStep.Handshake => "handshake",
        JoinStep.Cluster => "cluster",
        JoinStep.Version => "version",
        JoinStep.NameInUse => "name in use",
        JoinStep.Options => "options",
        JoinStep.Admission => "admission",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };
}
