using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Direct;

/// <summary>
/// Unicasts of one node: taken in sequence, handed over in sequence, each once. What came is kept while its group view is
/// not installed here. Invariant: consumed ≤ delivered ≤ received.
/// </summary>
internal sealed class DirectIn
{
    private readonly Queue<DirectItem> _waiting = new(); // after _delivered
    private long _delivered;
    private long _saidReceived;
    private long _saidConsumed;
    private long _bytes; // taken and not yet said to be handled
    private long _waitingBytes;
    private bool _again;

    public long Received => _delivered + _waiting.Count;

    public long Consumed { get; private set; }

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Takes what is new of a frame. Doubles are answered, a gap is left to the sender, who sends again.</summary>
    public void Take(Messages.Direct frame, bool takeDoubles)
    {
        _again = true;
        long sequence = frame.First;
        foreach (DirectItem item in frame.Items)
        {
            bool next = sequence == Received + 1 || (takeDoubles && sequence <= Received);
            sequence++;
            if (!next || _waitingBytes > DirectLimits.Window + DirectLimits.Reserve)
                continue;
            _waiting.Enqueue(item);
            _waitingBytes += item.Size;
            _bytes += item.Size;
        }
    }

    public DirectItem Peek() => _waiting.Peek();

    public long Deliver()
    {
        _waitingBytes -= _waiting.Dequeue().Size;
        return ++_delivered;
    }

    /// <summary>The members have handled everything up to here.</summary>
    public void Consume(long upTo)
    {
        if (upTo > Consumed)
            Consumed = upTo;
    }

    /// <summary>Whether the sender has to hear of it now: something came, or much was handled, or (once a heartbeat) anything was.</summary>
    public bool OwesAck(bool tick) =>
        _again || Received > _saidReceived || (Consumed > _saidConsumed && (tick || _bytes >= DirectLimits.Window / 8));

    public void Said()
    {
        (_again, _saidReceived, _saidConsumed) = (false, Received, Consumed);
        if (Consumed == Received)
            _bytes = 0;
    }
}
