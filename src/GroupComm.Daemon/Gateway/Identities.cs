using System;
using System.Globalization;

namespace GroupComm.Daemon.Gateway;

/// <summary>Reads what the specification calls a member: <c>name#incarnation/member</c>.</summary>
internal static class Identities
{
    /// <exception cref="ArgumentException">It is none.</exception>
    public static MemberId Member(string text)
    {
        int slash = text.IndexOf('/'), hash = text.IndexOf('#');
        if (hash > 0 && slash > hash && NodeId.IsValidName(text[..hash]) && slash + 1 < text.Length
            && long.TryParse(text.AsSpan(hash + 1, slash - hash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long incarnation)
            && incarnation is > 0 and <= NodeId.MaxIncarnation)
            return new MemberId(new NodeId(text[..hash], incarnation), text[(slash + 1)..]);
        throw new ArgumentException($"'{text}' is no member: write node#incarnation/name, as views do");
    }
}
