namespace GroupComm.Core.Streams;

/// <summary>A place in a stream: the next sequence, and where the log has it.</summary>
internal struct Cursor
{
    public long Next;
    public long Bundle;
    public int Segment;

    public static Cursor Start => new() { Next = 1 };

    /// <summary>The last sequence before the cursor.</summary>
    public readonly long Done => Next - 1;
}
