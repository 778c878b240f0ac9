using System.Globalization;

namespace GroupComm;

/// <summary>
/// Names one multicast for ever: the sending node, the cluster view in which it was sent, and its sequence there
/// (from 1, per node and view, with gaps). Text form <c>node#incarnation:view:sequence</c>.
/// </summary>
/// <param name="Sender">The node that sent it.</param>
/// <param name="View">The cluster view in which it was sent.</param>
/// <param name="Sequence">Its place in that node's stream of that view, from 1.</param>
public readonly record struct MessageId(NodeId Sender, long View, long Sequence)
{
    /// <summary>The text form <c>node#incarnation:view:sequence</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sender}:{View}:{Sequence}");
}
