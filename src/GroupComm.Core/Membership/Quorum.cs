using System.Numerics;

namespace GroupComm.Core.Membership;

/// <summary>
/// Quorum of a view of n members, for promises, acceptances and the primary rule (P7): more than half, or exactly half
/// with the lowest rank. Any two quorums of a view share a member. Source: docs/protocol/view-change.md.
/// </summary>
internal static class Quorum
{
    public static bool Holds(ulong members, int n, ProtocolRules rules)
    {
        int count = BitOperations.PopCount(members);
        if (rules.NoMajority)
            return count > 0;
        if (count * 2 > n)
            return true;
        return count * 2 == n && ((members & 1) != 0 || rules.TieRuleOnBothHalves);
    }
}
