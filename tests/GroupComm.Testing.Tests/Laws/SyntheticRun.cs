using System;
using System.Collections.Generic;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Tests.Laws;

/// <summary>
/// A long good run: every process sends once a round in an order that rotates, in two groups; agreed and safe messages are delivered
/// in number order, causal ones at odd processes in reverse (they are concurrent inside a round). Views change without loss.
/// </summary>
internal static class SyntheticRun
{
    private static readonly NodeId[] Ids = [.. Ids64()];

    public static void Record(History h, int processes, int rounds, int views)
    {
        h.Clear();
        var traces = new ProcessTrace[processes];
        Span<int> all = stackalloc int[processes];
        int g = h.Group("g"), k = h.Group("k");
        Span<int> inG = stackalloc int[processes];
        Span<int> inK = stackalloc int[processes];
        for (int p = 0; p < processes; p++)
        {
            traces[p] = h.Process(Ids[p]);
            all[p] = p;
            inG[p] = h.Member(p, g, "a");
            inK[p] = h.Member(p, k, "a");
            traces[p].Start("c", "1", 0);
        }
        long t = 0;
        int sequence = 0;
        for (int r = 0; r < rounds; r++)
        {
            int view = 1 + (int)((long)r * views / rounds);
            if (r == 0 || view != 1 + (int)((long)(r - 1) * views / rounds))
            {
                foreach (ProcessTrace trace in traces)
                {
                    if (view > 1)
                        trace.Wedge(view - 1, ++t);
                    trace.View(view, true, all, view == 1 ? [] : all, [], ++t);
                    trace.GroupView(g, view, new GroupViewId(view, view), inG, "", FencingToken.Create(1, view, view), ++t);
                    trace.GroupView(k, view, new GroupViewId(view, view), inK, "", FencingToken.Create(1, view, view), ++t);
                }
                sequence = 0;
            }
            var order = (DeliveryOrder)(1 + (r % 4));
            bool first = (r & 8) == 0;
            int group = first ? g : k;
            Span<int> members = first ? inG : inK;
            sequence++;
            for (int p = 0; p < processes; p++)
                traces[p].Send(group, members[p], view, sequence, order, view, view, (ulong)sequence, ++t);
            for (int p = 0; p < processes; p++)
                for (int i = 0; i < processes; i++)
                {
                    int s = order == DeliveryOrder.Causal && (p & 1) == 1 ? processes - 1 - i : i;
                    long number = order >= DeliveryOrder.Agreed ? ((long)r * processes) + s : -1;
                    traces[p].Deliver(group, members[p], s, view, sequence, order, view, view, r, number, (ulong)sequence, ++t);
                }
        }
    }

    private static IEnumerable<NodeId> Ids64()
    {
        for (int i = 0; i < 64; i++)
            yield return new NodeId(FormattableString.Invariant($"n{i}"), 1);
    }
}
