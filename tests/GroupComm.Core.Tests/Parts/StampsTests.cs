using GroupComm.Core.Causal;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class StampsTests
{
    [Theory]
    [InlineData(new long[] { 2, 0, 3 }, new long[] { 2, 0, 3 }, 1, true)]
    [InlineData(new long[] { 2, 0, 3 }, new long[] { 2, 9, 2 }, 1, false)]
    [InlineData(new long[] { 2, 0, 3 }, new long[] { 1, 9, 9 }, 1, false)]
    [InlineData(new long[] { 0, 8, 0 }, new long[] { 0, 1, 0 }, 1, true)]
    public void Message_is_ready_when_all_that_its_stamp_counts_of_others_is_here(long[] stamp, long[] have, int sender, bool ready) =>
        Assert.Equal(ready, Stamps.Covered(stamp, have, sender));
}
