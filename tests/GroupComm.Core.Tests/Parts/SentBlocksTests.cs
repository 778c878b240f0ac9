using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>The memory of what a turn sends is there until it is sent.</summary>
public sealed class SentBlocksTests
{
    /// <summary>The answer to a Resume and the acknowledgement that ends the message's life come in one turn: the link broke while
    /// the message was under way, and it came by the old link after all.</summary>
    [Fact]
    public void What_is_sent_again_and_becomes_stable_in_the_same_turn_keeps_its_block_until_it_is_sent()
    {
        TwoCores cores = new();
        Assert.True(TwoCores.TrySend(cores.A, DeliveryOrder.Agreed, TwoCores.Window / 4));
        cores.Turn(cores.A);
        cores.Consume(cores.A);
        cores.LinkUp(cores.B); // says Resume
        cores.Turn(cores.B); // takes the message, acknowledges it
        cores.Consume(cores.B);
        cores.A.Sent.Clear();
        cores.Turn(cores.A);
        Assert.Contains(cores.A.Sent, bundle => bundle.BodyLength >= TwoCores.Window / 4);
    }
}
