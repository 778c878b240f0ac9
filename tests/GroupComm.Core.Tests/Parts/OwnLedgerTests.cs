using GroupComm.Core.Flow;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class OwnLedgerTests
{
    [Fact]
    public void Bytes_come_free_when_the_whole_bundle_is_consumed()
    {
        var ledger = new OwnLedger();
        ledger.Add(3, 30);
        ledger.Add(5, 20);
        Assert.Equal(0, ledger.Release(2, priorConsumed: true));
        Assert.Equal(30, ledger.Release(3, priorConsumed: true));
        Assert.Equal(0, ledger.Release(4, priorConsumed: true));
        Assert.Equal(20, ledger.Outstanding);
        Assert.Equal(20, ledger.Release(9, priorConsumed: true));
        Assert.Equal(0, ledger.Release(9, priorConsumed: true));
    }

    [Fact]
    public void Bytes_of_the_old_view_count_until_everybody_has_consumed_it()
    {
        var ledger = new OwnLedger();
        ledger.Add(3, 30);
        ledger.NextView();
        ledger.Add(1, 7);
        Assert.Equal((30, 7), (ledger.Carried, ledger.Outstanding));
        Assert.Equal(7, ledger.Release(3, priorConsumed: false));
        Assert.Equal(30, ledger.Release(3, priorConsumed: true));
        Assert.Equal(0, ledger.Carried);
    }

    [Fact]
    public void Control_messages_cost_nothing()
    {
        var ledger = new OwnLedger();
        ledger.Add(1, 0);
        Assert.Equal((0, 0), (ledger.Outstanding, ledger.Release(1, priorConsumed: true)));
    }
}
