using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

/// <summary>A run that keeps every law: two groups of which one is agreed-only, all orders, a join, a crash, an exclusion, a leave.</summary>
internal static class GoodRun
{
    public static Story Tell()
    {
        Story s = new Story().Do("n1 n2 n3 n4 n5", (p, t) => p.Start("shop", "0.1.0", t));
        s.View(1, "n1 n2 n3").Group("g", "1.1", "n1 n2").AgreedOnlyGroup();
        s.Send("n1", 1, Fifo).Deliver("n1 n2", "n1:1");
        s.Send("n2", 1, Causal).Deliver("n2 n1", "n2:1");
        s.Send("n1", 2, Agreed).Send("n2", 2, Safe).Deliver("n1 n2", "n1:2 n2:2").Ack("n2", 2, Traces.TraceStage.Safe);
        s.Group("g", "1.2", "n1 n2 n3");                                                 // n3 joins with marks
        s.Send("n1", 3, Fifo).Send("n2", 3, Fifo).Deliver("n1", "n1:3 n2:3").Deliver("n2", "n2:3 n1:3").Deliver("n3", "n1:3 n2:3");
        s.Send("n1", 4, Causal).Send("n2", 4, Causal).Deliver("n1", "n1:4 n2:4").Deliver("n2 n3", "n2:4 n1:4");
        s.Send("n2", 5, Agreed, "h").Group("h", "1.2", "n1 n2 n3").Deliver("n1 n2 n3", "n2:5");   // delivered in the next group view by all
        s.Send("n3", 1, Safe).Send("n1", 5, Agreed).Deliver("n3", "n3:1").Deliver("n1", "n3:1 n1:5");  // n3 crashes here, uniform message delivered
        s.Do("n1 n2", (p, t) => p.Suspect(s.Trace("n3").Index, "silent 1.2 s", t)).Do("n1 n2", (p, t) => p.Wedge(1, t));
        s.Deliver("n2", "n3:1 n1:5");
        s.View(2, "n1 n2 n4 n5").Group("g", "2.3", "n1 n2 n4").Group("h", "2.3", "n1 n2");
        s.Send("n5", 1, Causal, open: true).Send("n4", 1, Agreed).Deliver("n1 n2 n4", "n4:1 n5:1");
        s.Do("n5", (p, t) => p.Leave(t)).Do("n2", (p, t) => p.Primary(false, "hears no quorum", t));
        s.Do("n1 n4 n5", (p, t) => p.Wedge(2, t)).Send("n2", 6, Fifo).Deliver("n2", "n2:6");   // n2 is behind a cut and still sends
        s.View(3, "n1 n4").Group("g", "3.4", "n1 n4").Group("h", "3.4", "n1");
        s.Do("n2", (p, t) => p.Excluded(3, "silent 1.0 s", t)).Do("n5", (p, t) => p.Stop(t)).Do("n2", (p, t) => p.Stop(t));
        s.Send("n1", 6, Safe).Send("n4", 2, Causal).Deliver("n1", "n4:2 n1:6").Deliver("n4", "n1:6 n4:2").Ack("n1", 6, Traces.TraceStage.Safe);
        return s.Quiet("n1 n4", p => p.Sends.Add(new Testing.Laws.StableSend(s.Trace("n1").Index, 3, 6, true)));
    }

    private static Story AgreedOnlyGroup(this Story s) => s.Group("h", "1.1", "n1 n2").AgreedOnly("h");
}
