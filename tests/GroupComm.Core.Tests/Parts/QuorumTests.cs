using System.Numerics;
using GroupComm.Core.Membership;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class QuorumTests
{
    private const int Largest = 8;

    [Fact]
    public void More_than_half_is_a_quorum_and_less_than_half_never()
    {
        for (int n = 1; n <= Largest; n++)
            for (ulong members = 0; members < 1UL << n; members++)
                if (BitOperations.PopCount(members) * 2 != n)
                    Assert.Equal(BitOperations.PopCount(members) * 2 > n, Holds(members, n));
    }

    [Theory]
    [InlineData(0b01, 2, true)]
    [InlineData(0b10, 2, false)]
    [InlineData(0b1001, 4, true)]
    [InlineData(0b1110, 4, true)]
    [InlineData(0b0110, 4, false)]
    [InlineData(0b1100, 4, false)]
    public void Half_is_a_quorum_only_with_the_lowest_rank(ulong members, int n, bool holds) => Assert.Equal(holds, Holds(members, n));

    [Fact]
    public void Any_two_quorums_share_a_member()
    {
        for (int n = 1; n <= Largest; n++)
            for (ulong one = 0; one < 1UL << n; one++)
                for (ulong other = 0; other < 1UL << n; other++)
                    if (Holds(one, n) && Holds(other, n))
                        Assert.True((one & other) != 0, $"{one:b} and {other:b} of {n} are both quorums");
    }

    [Fact]
    public void Of_two_halves_that_part_exactly_one_goes_on()
    {
        for (int n = 1; n <= Largest; n++)
            for (ulong one = 0; one < 1UL << n; one++)
                Assert.NotEqual(Holds(one, n), Holds(~one & ((1UL << n) - 1), n));
    }

    private static bool Holds(ulong members, int n) => Quorum.Holds(members, n, ProtocolRules.Correct);
}
