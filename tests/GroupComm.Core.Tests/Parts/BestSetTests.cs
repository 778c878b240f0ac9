using System;
using System.Numerics;
using GroupComm.Core.Detection;
using GroupComm.Core.Membership;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class BestSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_is_what_trying_every_set_gives_for_every_matrix(int n)
    {
        for (ulong matrix = 0; matrix < 1UL << (n * (n - 1)); matrix++)
            for (ulong candidates = 0; candidates < 1UL << n; candidates++)
                Compare(Rows(matrix, n), candidates);
    }

    [Fact]
    public void It_is_what_trying_every_set_gives_for_every_two_way_matrix_of_five()
    {
        for (ulong links = 0; links < 1UL << 10; links++)
        {
            var rows = new ulong[5];
            int link = 0;
            for (int i = 0; i < 5; i++)
                for (int j = 0; j < i; j++, link++)
                    if ((links >> link & 1) != 0)
                        (rows[i], rows[j]) = (rows[i] | 1UL << j, rows[j] | 1UL << i);
            for (ulong candidates = 0; candidates < 32; candidates++)
                Compare(rows, candidates);
        }
    }

    [Fact]
    public void Ties_take_the_low_ranks()
    {
        // 1 and 2 do not hear each other: {0 1} and {0 2} are equally good.
        Assert.Equal(0b011UL, Find([0b111, 0b011, 0b101], 0b111));
    }

    [Fact]
    public void One_way_hearing_is_none()
    {
        // 0 and 1 hear 2, but 2 hears nobody.
        Assert.Equal(0b011UL, Find([0b111, 0b111, 0b100], 0b111));
    }

    [Fact]
    public void Ring_of_majorities_gives_none()
    {
        var rows = new ulong[5];
        for (int i = 0; i < 5; i++)
            rows[i] = 1UL << i | 1UL << (i + 1) % 5 | 1UL << (i + 4) % 5; // each hears a majority: itself and both neighbours
        Assert.Equal(0UL, Find(rows, 0b11111));
    }

    private static void Compare(ulong[] rows, ulong candidates)
    {
        ulong best = 0;
        for (ulong set = 1; set < 1UL << rows.Length; set++)
            if ((set & ~candidates) == 0 && IsMutual(rows, set) && Quorum.Holds(set, rows.Length, ProtocolRules.Correct) && IsBetter(set, best))
                best = set;
        Assert.True(Find(rows, candidates) == best, $"rows {string.Join(" ", rows)}, candidates {candidates:b}: {Find(rows, candidates):b} instead of {best:b}");
    }

    private static bool IsMutual(ulong[] rows, ulong set)
    {
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows.Length; j++)
                if (i != j && (set >> i & 1) != 0 && (set >> j & 1) != 0 && (rows[i] >> j & 1) == 0)
                    return false;
        return true;
    }

    private static bool IsBetter(ulong set, ulong than)
    {
        int more = BitOperations.PopCount(set) - BitOperations.PopCount(than);
        return more != 0 ? more > 0 : BitOperations.TrailingZeroCount(set & ~than) < BitOperations.TrailingZeroCount(than & ~set);
    }

    private static ulong[] Rows(ulong matrix, int n)
    {
        var rows = new ulong[n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (i != j)
                {
                    rows[i] |= (matrix & 1) << j;
                    matrix >>= 1;
                }
        return rows;
    }

    private static ulong Find(ReadOnlySpan<ulong> rows, ulong candidates)
    {
        int n = rows.Length;
        return BestSet.Find(rows, candidates, set => Quorum.Holds(set, n, ProtocolRules.Correct));
    }
}
