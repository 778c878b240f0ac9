using System.Collections.Generic;
using System.Diagnostics;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// Decides on which thread a pump runs. Inline saves a hand-off (25-30 µs); a thread that reads a socket takes only
/// members that have proved quick, and only for a millisecond in all, however many groups there are. If a handler blocks it
/// nevertheless, the ticker gives the link up and another thread reads its successor.
/// </summary>
internal static class PumpStart
{
    public static void Run(List<Member> ready, TurnSource source, bool busy)
    {
        if (ready.Count == 0)
            return;
        bool inline = source.MayPump && !busy;
        bool last = source.Reader is null;
        int kept = 0;
        for (int i = 0; i < ready.Count; i++)
        {
            // A pool thread has nothing else to do afterwards, so its last member need not be quick.
            if (inline && (ready[i].IsQuick || (last && i == ready.Count - 1)))
                ready[kept++] = ready[i];
            else
                ready[i].RunInPool();
        }
        PeerLink? reader = (PeerLink?)source.Reader;
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < kept; i++)
        {
            bool briefly = !last || i < kept - 1;
            if (briefly && i > 0 && Stopwatch.GetTimestamp() - began > Member.BriefTime)
            {
                ready[i].RunInPool();
                continue;
            }
            if (reader is not null)
                reader.PumpingSince = Clock.Now;
            ready[i].Run(briefly);
        }
        if (reader is not null)
            reader.PumpingSince = 0;
    }
}
