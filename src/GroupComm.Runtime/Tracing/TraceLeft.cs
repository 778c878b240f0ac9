namespace GroupComm.Runtime.Tracing;

/// <summary>A node that did not come along into a view, and why.</summary>
internal readonly record struct TraceLeft(NodeId Node, string Reason);
