using System;

namespace GroupComm.Runtime.Links;

/// <summary>Something that keeps a node from joining, at this moment.</summary>
/// <param name="Step">What does not work.</param>
/// <param name="Peer">With whom, as an address or name; null when it is nobody's in particular.</param>
/// <param name="Text">What happened and what to do, for people.</param>
internal sealed record JoinObstacle(JoinStep Step, string? Peer, string Text)
{
    /// <summary>The step in words.</summary>
    public static string NameOf(JoinStep step) => step switch
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

    /// <summary>One line.</summary>
    public override string ToString() => Peer is null ? $"{NameOf(Step)}: {Text}" : $"{NameOf(Step)} {Peer}: {Text}";
}
