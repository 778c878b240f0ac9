using GroupComm.Client.Frames;

namespace GroupComm;

/// <summary>The client has no daemon any more and looks for none: it was closed, could reach none in time, or was turned away.
/// A message whose receipt had not come by then may have been sent.</summary>
/// <param name="code">For programs: <c>closed</c>, <c>unreachable</c>, <c>bad-frame</c>, <c>version</c>, <c>taken-over</c>, <c>too-many</c>.</param>
/// <param name="message">What happened and what to do.</param>
public sealed class GatewayClosedException(string code, string message) : GroupCommException(message)
{
    /// <summary>For programs: <c>closed</c>, <c>unreachable</c>, <c>bad-frame</c>, <c>version</c>, <c>taken-over</c>, <c>too-many</c>.</summary>
    public string Code { get; } = code;

    internal static GatewayClosedException Of(Close close) =>
        new(close.Code, close.Fix.Length > 0 ? $"{close.Detail}; {close.Fix}" : close.Detail);

    /// <summary>One per throw: each has its own stack.</summary>
    internal GatewayClosedException Again() => new(Code, Message);
}
