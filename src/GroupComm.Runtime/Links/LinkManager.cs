using System;
using System.Buffers;
using System.Threading;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Node;
using GroupComm.Runtime.State;
using GroupComm.Runtime.Telemetry;
using GroupComm.Runtime.Turn;
using GroupComm.Transport;
using GroupComm.Wire;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Links;

/// <summary>
/// From connections to links with known peers: handshake, one link per peer, frames to messages. Nonsense from a peer
/// costs that link and is counted; nothing else happens. The dialling half is in <see cref="Dialer"/>.
/// </summary>
internal sealed class LinkManager : ILinkSink
{
    // Whoever dials is told to the sink before the dial returns, on the same flow of control.
    private static readonly AsyncLocal<string?> DiallingTo = new();
    private static readonly AsyncLocal<IStateEnd?> DiallingFor = new();

    private const string NewLife = "this node begins a new life";

    // The longest pause of a dialler, in ms, and some: whoever still tries is shown without a gap.
    private const long RefusalShown = 5000;

    private readonly string _cluster;
    private readonly BlockSource _blocks;
    private readonly ILinkEvents _events;
    private readonly ILogger _log;
    private readonly NodeTelemetry _telemetry;
    private Identity _self;
    private uint _generation;
    private long _malformed;
    private Refused? _refused;

    public LinkManager(string cluster, NodeId self, string address, long silentAfter, bool checksums, BlockSource blocks, ILinkEvents events, ILogger log, NodeTelemetry telemetry)
    {
        (Checksums, _cluster, _blocks, _events, _log, _telemetry) = (checksums, cluster, blocks, events, log, telemetry);
        _self = new Identity(self, address);
        Table = new LinkTable(silentAfter);
    }

    private sealed record Identity(NodeId Id, string Address);

    private sealed record Refused(JoinObstacle Obstacle, long At);

    /// <summary>Where peers dial this node.</summary>
    public string Address => Volatile.Read(ref _self).Address;

    public LinkTable Table { get; }

    /// <summary>Frames end with a checksum: without TLS, which has its own.</summary>
    public bool Checksums { get; }

    /// <summary>Set right after both exist.</summary>
    public Dialer Dialer { get; set; } = null!;

    /// <summary>Set right after both exist.</summary>
    public StateHub States { get; set; } = null!;

    /// <summary>Links closed because of malformed frames.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Who dialled this node lately and was refused; null when nobody was.</summary>
    public JoinObstacle? LastRefusal => Volatile.Read(ref _refused) is { } refused && Clock.Now - refused.At < RefusalShown ? refused.Obstacle : null;

    /// <summary>Names the address of the dials of this flow of control.</summary>
    public static void BeginDial(string address) => DiallingTo.Value = address;

    /// <summary>The next dial of this flow of control is for a state transfer.</summary>
    public static void BeginTransfer(string address, IStateEnd end) => (DiallingTo.Value, DiallingFor.Value) = (address, end);

    /// <summary>The node begins a new life: its peers must know it under its new name.</summary>
    public void ChangeIdentity(NodeId self)
    {
        Volatile.Write(ref _self, new Identity(self, _self.Address));
        foreach (PeerLink link in Table.All)
            GiveUp(link, NewLife);
    }

    /// <summary>Stops using a link at once and dials anew, whatever its reader does.</summary>
    public void GiveUp(PeerLink link, string why)
    {
        if (!Table.Remove(link))
            return;
        link.Link.Close(new CloseReason(CloseKind.Local, why));
        Dialer.Lost(link);
    }

    public void OnOpened(IFrameLink link)
    {
        Identity self = Volatile.Read(ref _self);
        IStateEnd? transfer = link.Dialled ? DiallingFor.Value : null;
        Handshake own = Handshake.Of(
            _cluster, self.Id, self.Address, FeatureLevel.Newest, Interlocked.Increment(ref _generation), transfer is null ? 0 : Handshake.TransferFlag);
        link.State = new PeerLink(link, own, new FrameDecoder(_blocks, Checksums), link.Dialled ? DiallingTo.Value : null) { Transfer = transfer };
        link.WriteRaw(HandshakeCodec.Encode(own));
        link.Flush();
    }

    public void OnFrame(IFrameLink link, in ReadOnlySequence<byte> frame)
    {
        PeerLink state = (PeerLink)link.State!;
        if (state.Peer is null)
        {
            Greet(state, frame);
            return;
        }
        switch (state.Decoder.Decode(frame, state.Peer.Generation, out Message? message, out string? error))
        {
            case FrameStatus.Message:
                _telemetry.Arrived(message!);
                Take(state, message!);
                break;
            case FrameStatus.Malformed:
                Close(state, CloseKind.Malformed, error!);
                break;
            case FrameStatus.Skipped or FrameStatus.Stale:
                break;
            default:
                throw new InvalidOperationException("unknown frame status");
        }
    }

    private void Take(PeerLink state, Message message)
    {
        bool transfer = message.Kind is >= MessageKind.StateOpen and <= MessageKind.StateTaken;
        if (transfer == (state.Transfer is not null))
        {
            if (!transfer)
                (state.Batch ??= state.RentBatch()).Add(message);
            else if (!state.Transfer!.Received(message))
                Close(state, CloseKind.Malformed, $"a {message.Kind} that does not belong here");
            return;
        }
        FrameBatch.Drop(message);
        Close(state, CloseKind.Malformed, $"a {message.Kind} on the wrong kind of connection");
    }

    public void OnBatchEnd(IFrameLink link)
    {
        PeerLink state = (PeerLink)link.State!;
        state.LastReceived = Clock.Now;
        if (state.Batch is not { } batch)
            return;
        state.Batch = null;
        _events.Received(batch, state);
    }

    public void OnClosed(IFrameLink link, CloseReason reason)
    {
        PeerLink state = (PeerLink)link.State!;
        if (state.Batch is not null)
            OnBatchEnd(link);
        if (state.Failure.Length == 0)
            state.Failure = reason.ToString();
        // With TLS 1.3 the dialling side is through before the other has judged its certificate; a refusal is all that it sees.
        if (state.Peer is null && state.FailedStep == JoinStep.Handshake && link is { Dialled: true, Peer: not null })
            (state.FailedStep, state.Failure) = (JoinStep.Tls, $"{state.Failure}; the peer ended the connection after TLS, it may not trust this node's certificate: its log says why");
        state.Transfer?.Closed(reason.ToString());
        bool lost = Table.Remove(state);
        state.Settle(LinkOutcome.Failed);
        if (!lost)
            return;
        RuntimeLog.LinkLost(_log, state.Peer!.Node, reason.ToString());
        Dialer.Lost(state);
    }

    private void Greet(PeerLink state, in ReadOnlySequence<byte> frame)
    {
        Handshake? peer = null;
        HandshakeResult result = HandshakeCodec.TryDecode(frame, out peer, out string? error)
            ? HandshakeCheck.Check(state.Own, peer!, state.Link.Peer is { } proved && !proved.Covers(peer!.Cluster, peer.Node.Name) ? proved.ToString() : null)
            : new HandshakeResult(HandshakeRefusal.Malformed, error!, 0);
        if (!result.Accepted)
        {
            Refuse(state, result);
            return;
        }
        state.Peer = peer;
        state.LastReceived = Clock.Now;
        state.Link.Promote(WireLimits.MaxFrame);
        if (state.Own.IsTransfer || peer!.IsTransfer)
        {
            state.Transfer ??= new StateReception(state, States);
            state.Settle(LinkOutcome.Current);
            return;
        }
        if (IsOfAnEarlierLife(state))
        {
            End(state);
            return;
        }
        bool added = Table.TryAdd(state, out PeerLink? loser);
        loser?.Link.Close(new CloseReason(CloseKind.Superseded, "another connection to the same peer is kept"));
        state.Settle(added ? LinkOutcome.Current : LinkOutcome.Superseded);
        if (!added)
            return;
        if (IsOfAnEarlierLife(state))
        {
            GiveUp(state, NewLife); // began in between, and may not have seen this link in the table
            return;
        }
        RuntimeLog.LinkUp(_log, peer!.Node, peer.Address);
        Dialer.Linked(state);
        _events.LinkUp(peer.Node);
    }

    /// <summary>This node said who it was, and is that no longer: the peer would take what comes for words of the old life.</summary>
    private bool IsOfAnEarlierLife(PeerLink state) => Volatile.Read(ref _self).Id != state.Own.Node;

    private static void End(PeerLink state)
    {
        state.Failure = NewLife;
        state.Settle(LinkOutcome.Failed);
        state.Link.Close(new CloseReason(CloseKind.Local, NewLife));
    }

    private void Refuse(PeerLink state, HandshakeResult result)
    {
        RuntimeLog.HandshakeRefused(_log, state.Link.RemoteAddress, result.Text);
        state.Failure = result.Text;
        state.FailedStep = result.Refusal switch
        {
            HandshakeRefusal.Cluster => JoinStep.Cluster,
            HandshakeRefusal.Version => JoinStep.Version,
            HandshakeRefusal.Identity => JoinStep.Tls,
            _ => JoinStep.Handshake,
        };
        if (!state.Link.Dialled && result.Refusal != HandshakeRefusal.Self)
            Volatile.Write(ref _refused, new Refused(new JoinObstacle(state.FailedStep, state.Link.RemoteAddress, result.Text), Clock.Now));
        state.Settle(result.Refusal == HandshakeRefusal.Self ? LinkOutcome.Self : LinkOutcome.Failed);
        // Graceful, so that the peer still gets this side's handshake and can say the same.
        if (result.Refusal == HandshakeRefusal.Malformed)
            Close(state, CloseKind.Malformed, result.Text);
        else
            state.Link.Close(new CloseReason(CloseKind.Local, result.Text));
        if (state.Link.Dialled && result.Refusal is HandshakeRefusal.Cluster or HandshakeRefusal.Version)
            _events.JoinFailed(
                result.Refusal == HandshakeRefusal.Cluster ? JoinStep.Cluster : JoinStep.Version,
                result.Refusal == HandshakeRefusal.Cluster
                    ? $"{result.Text}: correct the cluster name or the seed {state.Dialled}"
                    : $"{result.Text}: update the older of the two");
    }

    private void Close(PeerLink state, CloseKind kind, string detail)
    {
        Interlocked.Increment(ref _malformed);
        RuntimeLog.MalformedFrame(_log, state.Link.RemoteAddress, detail);
        state.Link.Close(new CloseReason(kind, detail));
    }
}
