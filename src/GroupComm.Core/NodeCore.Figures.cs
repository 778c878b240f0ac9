using System;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

/// <summary>How far the own stream of a view has come, as this node knows it.</summary>
/// <param name="View">Its view; 0 before the first.</param>
/// <param name="Sent">Sealed into bundles up to here.</param>
/// <param name="Ordered">Agreed and safe messages up to here have a number that this node knows.</param>
/// <param name="Elsewhere">Some other member has said that it holds the stream up to here.</param>
/// <param name="Delivered">Delivered or passed over here up to here.</param>
/// <param name="Safe">Known to be held by enough members up to here.</param>
internal readonly record struct OwnProgress(long View, long Sent, long Ordered, long Elsewhere, long Delivered, long Safe);

// What telemetry reads between turns. Invariant: reading changes nothing, and nothing here is read by the protocol.
internal sealed partial class NodeCore
{
    /// <summary>Where the own stream stands after a turn.</summary>
    public OwnProgress OwnProgress
    {
        get
        {
            if (_view is not { Key.IsBootstrap: false } view)
                return default;
            long ordered = view.Orders.UpTo[view.OwnRank];
            long elsewhere = view.Acks.OwnElsewhere();
            // A number from another node shows that the sequencer has the message.
            if (!view.IsSequencer)
                elsewhere = Math.Max(elsewhere, ordered);
            return new OwnProgress(view.Key.Id, view.Own.Received, ordered, elsewhere, view.Passed[view.OwnRank], view.SafeReceipt);
        }
    }

    /// <summary>Bytes of the send window that are in use.</summary>
    public long WindowUsed => _gate.Unconsumed;

    /// <summary>The unstable store: bundles kept because some member may not have them, and their payload bytes.</summary>
    public (long Bundles, long Bytes) Unstable
    {
        get
        {
            (long bundles, long bytes) = (0, 0);
            if (_view is not null)
                foreach (InStream stream in _view.Streams)
                    (bundles, bytes) = (bundles + stream.Log.Count, bytes + stream.Log.Bytes);
            return (bundles, bytes);
        }
    }
}
