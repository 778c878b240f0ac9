using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Streams;

/// <summary>
/// One member's stream in one view, as this node has it: received without a gap, held with its causal past, passed to
/// the application. Always passed ≤ held ≤ received ≤ limit. Source: docs/protocol/streams.md.
/// </summary>
internal sealed class InStream
{
    public BundleLog Log { get; } = new();

    /// <summary>The stream is here without a gap up to this sequence.</summary>
    public long Received { get; private set; }

    /// <summary>The delivery cut: nothing after it is held or passed.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>Next sequence whose causal past is not yet here.</summary>
    public Cursor Held = Cursor.Start;

    /// <summary>Next sequence that was not yet delivered or passed over.</summary>
    public Cursor Passed = Cursor.Start;

    /// <summary>Appends the next bundle. Answers false for a duplicate or a gap, which leave the stream as it was.</summary>
    public bool TryAppend(Bundle bundle)
    {
        if (bundle.First != Received + 1)
            return false;
        Log.Add(bundle);
        Received = bundle.Last;
        return true;
    }

    /// <summary>A mutant: takes a bundle as the next although some are missing before it.</summary>
    public void AppendAcrossGap(Bundle bundle)
    {
        Log.Add(bundle);
        Received = bundle.Last;
    }

    /// <summary>Finds the segment that holds the cursor's next sequence, if it is here.</summary>
    public bool TryAt(ref Cursor cursor, out Bundle bundle)
    {
        bundle = null!;
        if (cursor.Next > Received || cursor.Next > Limit)
            return false;
        bundle = Log[cursor.Bundle];
        while (bundle.Last < cursor.Next)
        {
            cursor.Bundle++;
            cursor.Segment = 0;
            bundle = Log[cursor.Bundle];
        }
        if (bundle.First > cursor.Next)
            cursor.Next = bundle.First; // only the mutant leaves a gap
        while (bundle[cursor.Segment].Last < cursor.Next)
            cursor.Segment++;
        return true;
    }

    /// <summary>Drops bundles that are passed here and stable up to <paramref name="stable"/>.</summary>
    public void Trim(long stable)
    {
        while (Log.Count > 0)
        {
            Bundle first = Log[Log.FirstIndex];
            if (first.Last > stable || first.Last > Passed.Done || first.Last > Held.Done)
                return;
            Log.DropFirst();
            first.Release();
            if (Held.Bundle < Log.FirstIndex)
                (Held.Bundle, Held.Segment) = (Log.FirstIndex, 0);
            if (Passed.Bundle < Log.FirstIndex)
                (Passed.Bundle, Passed.Segment) = (Log.FirstIndex, 0);
        }
    }

    /// <summary>Adds the kept bundles that hold sequences after <paramref name="after"/> up to <paramref name="upTo"/>.</summary>
    public void CopyTo(List<Bundle> into, long after, long upTo)
    {
        for (long i = Log.IndexOf(after + 1); i < Log.EndIndex && Log[i].First <= upTo; i++)
            into.Add(Log[i]);
    }
}
