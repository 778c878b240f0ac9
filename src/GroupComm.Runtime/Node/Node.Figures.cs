using GroupComm.Runtime.Telemetry;
using GroupComm.Transport;

namespace GroupComm.Runtime.Node;

// What instruments observe of the node; read by whoever listens, on its thread.
internal partial class Node : INodeFigures
{
    long INodeFigures.Malformed => Links.Malformed;

    int INodeFigures.LinkCount => Links.Table.Count;

    int INodeFigures.SendsWaiting => Sends.Waiting;

    long INodeFigures.Untraced => _trace?.Untraced ?? 0;

    long INodeFigures.WindowLimit => _plan.Options.SendWindow;

    TransportCounters INodeFigures.Transport => _transport.Counters;
}
