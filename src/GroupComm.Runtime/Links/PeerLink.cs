using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;
using GroupComm.Runtime.State;
using GroupComm.Transport;
using GroupComm.Wire;

namespace GroupComm.Runtime.Links;

/// <summary>What came of a connection's handshake.</summary>
internal enum LinkOutcome
{
    /// <summary>It carries the traffic with the peer.</summary>
    Current,

    /// <summary>Another connection to the same peer does (P17).</summary>
    Superseded,

    /// <summary>The peer is this node itself.</summary>
    Self,

    /// <summary>Refused, broken or late.</summary>
    Failed,
}

/// <summary>One connection from its opening on; after the handshake, one with a peer. The reader's side of it is used by
/// the link's calls only, which never overlap.</summary>
internal sealed class PeerLink(IFrameLink link, Handshake own, FrameDecoder decoder, string? dialled)
{
    private readonly TaskCompletionSource<LinkOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Stack<FrameBatch> _idle = new();
    private volatile bool _current;
    private long _lastReceived;
    private long _pumpingSince;

    public IFrameLink Link => link;

    /// <summary>What this side said.</summary>
    public Handshake Own => own;

    public FrameDecoder Decoder => decoder;

    /// <summary>The address that this side dialled; null when accepted.</summary>
    public string? Dialled => dialled;

    /// <summary>What the peer said; null before its handshake.</summary>
    public Handshake? Peer { get; set; }

    /// <summary>The connection carries one state transfer, and this is this side's end of it; null: it is a usual one.</summary>
    public IStateEnd? Transfer { get; set; }

    /// <summary>The frames of the read under way.</summary>
    public FrameBatch? Batch { get; set; }

    /// <summary>Completes after the handshake, or when there will be none.</summary>
    public Task<LinkOutcome> Outcome => _outcome.Task;

    /// <summary>Why the outcome is <see cref="LinkOutcome.Failed"/>, for people.</summary>
    public string Failure { get; set; } = "";

    /// <summary>At which step it failed.</summary>
    public JoinStep FailedStep { get; set; } = JoinStep.Handshake;

    /// <summary>Whether frames of this link still count.</summary>
    public bool IsCurrent { get => _current; set => _current = value; }

    /// <summary>Written this turn and not flushed yet; the core's owner only.</summary>
    public bool Touched { get; set; }

    /// <summary>When something was received last, in ms.</summary>
    public long LastReceived { get => Volatile.Read(ref _lastReceived); set => Volatile.Write(ref _lastReceived, value); }

    /// <summary>Since when this link's reading thread runs handlers, in ms; 0 when it does not.</summary>
    public long PumpingSince { get => Volatile.Read(ref _pumpingSince); set => Volatile.Write(ref _pumpingSince, value); }

    public void Settle(LinkOutcome outcome) => _outcome.TrySetResult(outcome);

    public FrameBatch RentBatch()
    {
        lock (_lock)
            return _idle.TryPop(out FrameBatch? batch) ? batch : new FrameBatch(this);
    }

    public void ReturnBatch(FrameBatch batch)
    {
        lock (_lock)
            _idle.Push(batch);
    }
}
