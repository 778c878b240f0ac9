using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>When the sender hears that what it sent was consumed.</summary>
public sealed class CreditTests
{
    /// <summary>Nobody sends anything any more, and all windows are full: a receiver that tells of its consumption only with what it
    /// receives next, or with a heartbeat, lets everybody stand still until then.</summary>
    [Fact]
    public void What_was_consumed_after_the_last_message_gives_the_window_back_at_once()
    {
        TwoCores cores = new();
        while (TwoCores.TrySend(cores.A, DeliveryOrder.Agreed, 40))
        {
        }
        cores.Settle();
        cores.Consume(cores.A); // its own
        cores.Settle();
        Assert.True(cores.A.Gate.Unconsumed > TwoCores.Window * 3 / 4, $"{cores.A.Gate.Unconsumed} before b consumed anything");
        cores.Consume(cores.B);
        cores.Settle();
        Assert.InRange(cores.A.Gate.Unconsumed, 0, TwoCores.Window / 8);
    }
}
