using GroupComm.Runtime.Inspection;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Gateway;

/// <summary>The node behind a gateway.</summary>
internal sealed record GatewayNode(IGroupCommNode Node, INodePort Port, ILogger Log);
