using System;
using GroupComm.Daemon.Sidecar;
using GroupComm.Gateway.Protocol;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Gateway;

/// <summary>Failures of requests, with the codes of the HTTP surface and a few of its own.</summary>
internal static class GatewayErrors
{
    public static Problem NoMembership() => new(409, "no-membership", "this session is no member of a group", "join first");

    public static Problem MemberAlready() => new(409, "member-already", "this session is a member already, or joins", "use a second connection for another membership");

    public static Failed Of(long number, Exception error, ILogger log)
    {
        Problem problem = error switch
        {
            StateTransferException e => new Problem(503, "state-transfer", e.Message, "join again"),
            OperationCanceledException => new Problem(503, "not-possible-now", "the session ended", "connect again"),
            InvalidOperationException e when e.Message.Contains("used up the reserve", StringComparison.Ordinal)
                || e.Message.Contains("of unicasts", StringComparison.Ordinal) => new Problem(503, "reserve-full", e.Message, "send less inside of handlers"),
            InvalidOperationException e when e.Message.Contains("is no member of group", StringComparison.Ordinal) =>
                new Problem(404, "no-such-member", e.Message, "send to a member of the view"),
            InvalidOperationException e when e.Message.Contains("left group", StringComparison.Ordinal) => new Problem(409, "no-membership", e.Message, "join again"),
            _ => Problem.Of(error, "of the request"),
        };
        if (problem.Code == "unexpected")
            GatewayLog.Failed(log, error);
        return new Failed(number, problem.Code, Texts.Cut(problem.Message), Texts.Cut(problem.Fix));
    }
}
