using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Gateway;

/// <summary>Keeps texts for people within what a frame carries.</summary>
internal static class Texts
{
    // Four bytes a character at most.
    private const int Most = GatewayLimits.MaxText / 4;

    public static string Cut(string text) => text.Length <= Most ? text : text[..Most].TrimEnd('\uD800');
}
