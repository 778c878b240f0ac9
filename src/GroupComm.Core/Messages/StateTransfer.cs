namespace GroupComm.Core.Messages;

// What donor and joiner say to each other on a connection of their own. No core ever sees these: the connection belongs to
// the two owners, and to no view.

/// <summary>Donor: this connection carries the state of a group at that point, for the member of that slot.</summary>
internal sealed class StateOpen(int group, int slot, long point) : Message(default)
{
    public override MessageKind Kind => MessageKind.StateOpen;

    public int Group { get; } = group;

    public int Slot { get; } = slot;

    public long Point { get; } = point;
}

/// <summary>Donor: the next bytes.</summary>
internal sealed class StateChunk(byte[] bytes) : Message(default)
{
    public override MessageKind Kind => MessageKind.StateChunk;

    public byte[] Bytes { get; } = bytes;
}

/// <summary>Donor: that was all, and its xxHash64.</summary>
internal sealed class StateEnd(long length, ulong digest) : Message(default)
{
    public override MessageKind Kind => MessageKind.StateEnd;

    public long Length { get; } = length;

    public ulong Digest { get; } = digest;
}

/// <summary>Donor: the capture failed.</summary>
internal sealed class StateAbort(string reason) : Message(default)
{
    public override MessageKind Kind => MessageKind.StateAbort;

    public string Reason { get; } = reason;
}

/// <summary>Joiner: so many bytes were read in all; the donor keeps a window of unread ones.</summary>
internal sealed class StateTaken(long bytes) : Message(default)
{
    public override MessageKind Kind => MessageKind.StateTaken;

    public long Bytes { get; } = bytes;
}
