using System;

namespace GroupComm.Daemon.Sidecar;

/// <summary>What an HTTP client is told instead of an answer: <c>application/problem+json</c> with a code for programs and a fix for people.</summary>
internal sealed class Problem(int status, string code, string detail, string fix) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    public string Fix => fix;

    /// <summary>Seconds after which a retry makes sense; 0: not said.</summary>
    public int RetryAfter { get; init; }

    /// <summary>Methods that the path has; null: not said.</summary>
    public string? Allow { get; init; }

    public static Problem NotPrimary(string? reason) =>
        new(503, "not-primary", $"this node is not in a primary view: {reason ?? "it has not joined yet"}; nothing was sent", "retry; GET /healthz/ready says when")
        { RetryAfter = 1 };

    public static Problem UnknownGroup(string group) => new(
        404, "unknown-group", $"group '{group}' has no member, so it does not exist", $"join it first: GET /v1/groups/{Uri.EscapeDataString(group)}/events");

    public static Problem Draining() => new(503, "draining", "this daemon is about to stop; nothing was sent", "use another daemon, or retry when it is back")
    { RetryAfter = 1 };

    /// <summary>What the library refused.</summary>
    public static Problem Of(Exception error, string group) => error switch
    {
        Problem problem => problem,
        NotPrimaryException e => NotPrimary(e.Reason),
        ViewClosedException e => new Problem(503, "view-closed", e.Message, "retry: the message was not sent") { RetryAfter = 1 },
        OutcomeUnknownException e => new Problem(504, "outcome-unknown", e.Message, "find out from the group, or send again if twice does no harm"),
        ExcludedException e => new Problem(503, "excluded", e.Message, "retry when the node is back") { RetryAfter = 1 },
        MessageTooLargeException e => TooLarge(e.Size, e.Maximum),
        JoinException { Step: JoinStep.Options } e when e.Message.Contains("is in use", StringComparison.Ordinal) => NameTaken(e.Message),
        JoinException e => new Problem(503, "not-joined", e.Message, "retry") { RetryAfter = 1 },
        InvalidOperationException e when e.Message.Contains("does not exist", StringComparison.Ordinal) => UnknownGroup(group),
        InvalidOperationException e when e.Message.Contains("is closed", StringComparison.Ordinal) =>
            new Problem(403, "group-closed", $"group '{group}' is closed to those who are no members", "join it, and name the member: ?member=NAME"),
        InvalidOperationException e when e.Message.Contains("agreed and safe", StringComparison.Ordinal) =>
            new Problem(400, "order-not-carried", e.Message, "use order=agreed or order=safe"),
        ArgumentException e => new Problem(400, "bad-request", e.Message, "correct the request"),
        GroupCommException e => new Problem(503, "not-possible-now", e.Message, "retry") { RetryAfter = 1 },
        _ => new Problem(500, "unexpected", $"{error.GetType().Name}: {error.Message}", "please report it"),
    };

    public static Problem TooLarge(long size, long maximum) => new(
        413, "too-large", size > 0 ? $"the message has {size} bytes, the maximum is {maximum}; nothing was sent" : $"the message has more than {maximum} bytes; nothing was sent",
        "split it, or raise MaxMessageSize at every node");

    public static Problem NameTaken(string detail) => new(409, "name-taken", detail, "take another ?member=NAME, or none; to take over after a broken stream, send Last-Event-ID");

    public static Problem Bad(string code, string detail, string fix) => new(400, code, detail, fix);
}
