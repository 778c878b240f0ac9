namespace GroupComm.Daemon.Demo;

/// <summary>
/// What the demo is to do. <c>Nodes</c> is how many start, <c>Messages</c> and <c>Rate</c> count for each of them. <c>Input</c> null is the
/// data file inside the executable, <c>Trace</c> null means judged and thrown away. <c>Seed</c> chooses the victim.
/// </summary>
internal sealed record DemoPlan(int Nodes, string? Input, DeliveryOrder Order, int Messages, int Rate, bool Crash, string? Trace, int Seed, bool Throughput, bool Json);
