using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Links;
using GroupComm.Transport;
using GroupComm.Wire;

namespace GroupComm.Runtime.Turn;

/// <summary>The way out: a message is encoded once for all its receivers and appended to their links; every link that got
/// something is flushed once, at the end of the turn. Belongs to the core's owner.</summary>
internal sealed class FrameOutput(LinkTable table, bool checksums)
{
    // From here on a copy for each peer costs more than a piece of its own in the send call.
    private const int SharedFrom = 16 << 10;

    private readonly FrameEncoder _encoder = new(checksums);
    private readonly List<PeerLink> _touched = [];

    public void Send(NodeId to, Message message)
    {
        if (table.Find(to) is not { } link)
            return;
        Append(link, _encoder.Encode(message, link.Own.Generation), message);
    }

    public void Broadcast(IReadOnlyList<NodeInfo> members, NodeId self, Message message)
    {
        EncodedFrame frame = default;
        for (int rank = 0; rank < members.Count; rank++)
        {
            if (members[rank].Id == self || table.Find(members[rank].Id) is not { } link)
                continue;
            if (frame.Length == 0)
                frame = _encoder.Encode(message, link.Own.Generation);
            else
                _encoder.Seal(link.Own.Generation);
            Append(link, frame, message);
        }
    }

    public void Flush()
    {
        foreach (PeerLink link in _touched)
        {
            link.Touched = false;
            link.Link.Flush();
        }
        _touched.Clear();
    }

    // Only the core's owner writes after the handshake, so the three pieces stay together.
    private void Append(PeerLink link, EncodedFrame frame, Message message)
    {
        link.Link.WriteRaw(frame.Head);
        if (frame.Body.Length >= SharedFrom && message is Bundle { Block: ISharedBytes block } bundle)
            link.Link.WriteShared(block, bundle.BodyOffset, bundle.BodyLength);
        else if (!frame.Body.IsEmpty)
            link.Link.WriteRaw(frame.Body);
        if (!frame.Tail.IsEmpty)
            link.Link.WriteRaw(frame.Tail);
        if (link.Touched)
            return;
        link.Touched = true;
        _touched.Add(link);
    }
}
