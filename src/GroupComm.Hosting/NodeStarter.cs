using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace GroupComm.Hosting;

/// <summary>Starts the node of a host; a test takes another network.</summary>
internal delegate Task<IGroupCommNode> NodeStarter(GroupCommOptions options, ILoggerFactory logs, CancellationToken ct);
