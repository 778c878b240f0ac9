namespace GroupComm.Testing.Laws;

/// <summary>The quorum of a view (protocol.md section 2): more than half, or exactly half with the lowest rank.</summary>
internal static class Quorum
{
    public static bool Is(int count, int of, bool withLowest) => count * 2 > of || (count * 2 == of && withLowest && of > 0);
}
