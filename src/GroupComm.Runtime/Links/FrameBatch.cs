using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Links;

/// <summary>All messages of one socket read, told to the core in one turn. Pooled by its link.</summary>
internal sealed class FrameBatch(PeerLink link) : TurnInput
{
    private readonly List<Message> _messages = [];

    public void Add(Message message) => _messages.Add(message);

    public override void Apply(NodeCore core, long now, EffectList effects)
    {
        NodeId peer = link.Peer!.Node;
        foreach (Message message in _messages)
            if (link.IsCurrent)
                core.Receive(peer, message, now, effects);
            else
                Drop(message);
        Empty();
    }

    /// <summary>The core is no more.</summary>
    public override void Discard()
    {
        foreach (Message message in _messages)
            Drop(message);
        Empty();
    }

    private void Empty()
    {
        _messages.Clear();
        link.ReturnBatch(this);
    }

    public static void Drop(Message message)
    {
        IReadOnlyList<Bundle> bundles = message switch
        {
            Bundle bundle => [bundle],
            Bodies bodies => bodies.Bundles,
            Propose propose => propose.Bundles,
            Decide decide => decide.Bundles,
            _ => [],
        };
        foreach (Bundle bundle in bundles)
            bundle.Release();
    }
}
