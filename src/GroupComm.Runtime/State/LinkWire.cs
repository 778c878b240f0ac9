using System.Threading;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Links;
using GroupComm.Transport;
using GroupComm.Wire;

namespace GroupComm.Runtime.State;

/// <summary>A transfer's own connection.</summary>
internal sealed class LinkWire(PeerLink link) : IStateWire
{
    private readonly Lock _lock = new();
    private readonly FrameEncoder _encoder = new(link.Decoder.Checksums);

    public void Send(Message message)
    {
        lock (_lock)
        {
            EncodedFrame frame = _encoder.Encode(message, link.Own.Generation);
            link.Link.WriteRaw(frame.Head);
            link.Link.WriteRaw(frame.Tail);
        }
        link.Link.Flush();
    }

    public void Close(string why) => link.Link.Close(new CloseReason(CloseKind.Local, why));
}

/// <summary>The accepting end before the first frame says what the connection is for.</summary>
internal sealed class StateReception(PeerLink link, StateHub hub) : IStateEnd
{
    public bool Received(Message message)
    {
        if (message is not StateOpen open)
            return false;
        LinkWire wire = new(link);
        StateTaker taker = new(new StateKey(open.Group, open.Slot, link.Peer!.Node, open.Point), wire);
        link.Transfer = taker;
        hub.Offer(taker);
        return true;
    }

    public void Closed(string why) { }
}
