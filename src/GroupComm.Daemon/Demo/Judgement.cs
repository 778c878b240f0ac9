using System.Collections.Generic;

namespace GroupComm.Daemon.Demo;

/// <summary>One thing that was judged: what holds, or what does not and the law.</summary>
internal sealed record Finding(bool Ok, string Text);

/// <summary>What the judge says of a run.</summary>
internal sealed record Judgement(IReadOnlyList<Finding> Findings, long Delivered, long Lost, long Duplicates, long ReorderedPairs, long Inversions)
{
    public bool Ok
    {
        get
        {
            foreach (Finding finding in Findings)
                if (!finding.Ok)
                    return false;
            return true;
        }
    }
}
