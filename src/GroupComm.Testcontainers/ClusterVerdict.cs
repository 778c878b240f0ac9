namespace GroupComm;

/// <summary>What <c>groupcomm check</c> says of the traces of a cluster.</summary>
/// <param name="Ok">Whether every safety law was kept, and every trace could be read.</param>
/// <param name="Text">The summary, or the first violation explained.</param>
public sealed record ClusterVerdict(bool Ok, string Text)
{
    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
