using System;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Requests;

/// <summary>What a failure of the daemon is here. <see cref="Exception.Data"/> keeps its code.</summary>
internal static class GatewayErrors
{
    private const string Key = "code";

    public static Exception Of(Failed failed)
    {
        string text = failed.Fix.Length > 0 ? $"{failed.Detail}; {failed.Fix}" : failed.Detail;
        return With(failed.Code, failed.Code switch
        {
            "not-primary" => new NotPrimaryException(Inner(failed.Detail)),
            "view-closed" => new ViewClosedException(failed.Detail),
            "outcome-unknown" => new OutcomeUnknownException(failed.Detail),
            "excluded" => new ExcludedException(failed.Detail),
            "state-transfer" => new StateTransferException(text),
            "name-taken" => new JoinException(JoinStep.Options, $"{failed.Detail}; take another MemberName, or none"),
            "not-joined" => new JoinException(JoinStep.Admission, text),
            "no-such-member" or "no-membership" or "reserve-full" or "order-not-carried" or "unknown-group" or "group-closed" => new InvalidOperationException(text),
            "bad-request" => new ArgumentException(text),
            _ => new GroupCommException($"{text} ({failed.Code})"),
        });
    }

    public static Exception Lost() => With("outcome-unknown", new OutcomeUnknownException(
        "the daemon is gone, or forgot this session: the others may or may not have it; find out from the group, or send again if twice does no harm"));

    /// <summary>The code that the specification gives this failure; null: it is none of the daemon's.</summary>
    public static string? CodeOf(Exception error) => error is GatewayClosedException closed ? closed.Code : error.Data[Key] as string;

    public static Exception With(string code, Exception error)
    {
        error.Data[Key] = code;
        return error;
    }

    /// <summary>The exception says again what the daemon's text begins and ends with.</summary>
    private static string Inner(string detail)
    {
        const string End = "; nothing was sent", Begin = "this node is not in a primary view: ";
        string inner = detail.StartsWith(Begin, StringComparison.Ordinal) ? detail[Begin.Length..] : detail;
        return inner.EndsWith(End, StringComparison.Ordinal) ? inner[..^End.Length] : inner;
    }
}
