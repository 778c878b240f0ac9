using System.Buffers;
using System.Threading;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Telemetry;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// What one Deliver effect brought: consecutive messages of one segment, or one large message. It goes to every local
/// member of the group and is open until the last of them has handled it. Pooled: made per effect, not per message.
/// Two things end: the sender's credit, when no member owes it any more, and the memory, when no member reads it any more. A
/// member may give the credit early (its queue may grow, or it was removed inside a handler) and closes later.
/// </summary>
internal sealed class DeliveryUnit
{
    private const long OneReader = 1;
    private const long OneDebtor = 1L << 32;

    private long _open; // readers in the lower half, debtors in the upper
    private volatile bool _done;
    private volatile bool _released;

    public ViewStreams Streams = null!;
    public int Rank;
    public Bundle Bundle = null!;
    public int Index;
    public long First;
    public int Count;

    /// <summary>Where the first payload's length stands in the block.</summary>
    public int Offset;

    /// <summary>The agreed number of the first; 0 for fifo and causal.</summary>
    public long Number;

    /// <summary>Place of the first among the group view's deliveries here, from 1.</summary>
    public long Position;

    /// <summary>What it holds of the sender's window.</summary>
    public long Bytes;

    /// <summary>A large message: all its fragments, in order; then <see cref="Count"/> is 1.</summary>
    public LargeMessage? Large;

    /// <summary>When it came and was handed over, if somebody traces it.</summary>
    public Handover? Handover;

    /// <summary>The next unit of the same stream.</summary>
    public DeliveryUnit? Next;

    /// <summary>A copy of another unit for one member: its sender does not wait for it.</summary>
    public bool IsAside { get; private set; }

    public long Last => First + Count - 1;

    public ref readonly Segment Segment => ref Bundle[Index];

    public byte[] Buffer => Bundle.Block!.Buffer;

    /// <summary>Nobody owes credit for it.</summary>
    public bool IsDone => _done;

    /// <summary>Nobody reads it: when it is done too, it may be used again.</summary>
    public bool IsReleased => _released;

    /// <summary>Before it goes to so many members; to none, it is done at once.</summary>
    public void Open(int members)
    {
        _open = members * (OneReader + OneDebtor);
        _done = _released = members == 0;
        if (_done)
            ReleaseBlocks();
    }

    /// <summary>A copy for a member that cannot handle it yet: it holds the memory, but no part of the sender's window.</summary>
    public DeliveryUnit Aside()
    {
        if (Large is null)
            Bundle.Retain();
        DeliveryUnit copy = new()
        {
            Streams = Streams, Rank = Rank, Bundle = Bundle, Index = Index, First = First, Count = Count, Offset = Offset, Number = Number,
            Position = Position, Bytes = Bytes, Large = Large?.Share(), IsAside = true,
        };
        copy.Open(1);
        return copy;
    }

    /// <summary>
    /// One member has handled it all; true when it was the last to owe credit. The last reader gives the memory back first:
    /// afterwards the core's owner may take the unit for something else at any moment.
    /// </summary>
    /// <param name="credited">The member has given its credit before.</param>
    public bool CloseAndRelease(bool credited = false)
    {
        long left = Interlocked.Add(ref _open, credited ? -OneReader : -(OneReader + OneDebtor));
        if ((uint)left == 0)
        {
            ReleaseBlocks();
            _released = true;
        }
        if (credited || left >> 32 != 0)
            return false;
        _done = true;
        return true;
    }

    /// <summary>One member gives its credit and goes on reading; true when it was the last to owe credit.</summary>
    public bool Credit()
    {
        if (Interlocked.Add(ref _open, -OneDebtor) >> 32 != 0)
            return false;
        _done = true;
        return true;
    }

    private void ReleaseBlocks()
    {
        if (Large is { } large)
            large.Release();
        else
            Bundle.Release();
    }

    public void Forget()
    {
        Streams = null!;
        Bundle = null!;
        Large = null;
        Handover = null;
        Next = null;
    }
}
