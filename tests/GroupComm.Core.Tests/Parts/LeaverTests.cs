using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>Who left waits for those who go on, and for no process that is gone.</summary>
public sealed class LeaverTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void A_leaver_does_not_wait_for_a_member_that_went_before_it_confirmed()
    {
        Scenario s = Scenario.Of(Three);
        Mute(s, "b", "a");
        s.Leave("a");
        s.RunUntil("a has left");
        s.RunFor(1000);
        Assert.False(s.Log.Says("a ends"), "b has not confirmed");
        s.Crash("b");
        s.RunFor(500);
        Assert.True(s.Log.Says("a ends"), s.Log.ToString());
    }

    [Fact]
    public void A_leaver_does_not_wait_for_a_member_that_left_in_the_next_view()
    {
        Scenario s = Scenario.Of(Three);
        Mute(s, "b", "a");
        s.Leave("a");
        s.RunUntil("a has left");
        s.Leave("b");
        s.RunUntil("b ends");
        s.RunFor(500);
        Assert.True(s.Log.Says("a ends"), s.Log.ToString());
    }

    /// <summary>Nothing that would confirm the install gets through.</summary>
    private static void Mute(Scenario s, string from, string to)
    {
        foreach (MessageKind kind in new[] { MessageKind.Heartbeat, MessageKind.Notice, MessageKind.Ack, MessageKind.Leave, MessageKind.Wedged, MessageKind.Resume })
            s.Drop(kind, from, to);
    }
}
