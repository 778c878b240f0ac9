using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport;

namespace GroupComm.Runtime.Node;

/// <summary>Which address peers are told: as configured, else the bound one, else the one from which the first seed is reached.</summary>
internal static class OwnAddress
{
    public static async Task<string> FindAsync(NodePlan plan, string bound, CancellationToken ct)
    {
        if (!Endpoint.TryParse(bound, Endpoint.DefaultPort, out Endpoint endpoint))
            throw new JoinException(JoinStep.Connect, $"bound to '{bound}', which is no endpoint");
        if (plan.Options.Advertise is { } advertise && Endpoint.TryParse(advertise, endpoint.Port, out Endpoint told))
            return told.ToString();
        if (!NodePlan.IsWildcard(endpoint.Host))
            return endpoint.ToString();
        foreach (Endpoint seed in plan.Seeds)
        {
            try
            {
                // Connecting a datagram socket sends nothing; it only asks the system for the way.
                using Socket way = new(SocketType.Dgram, ProtocolType.Udp);
                await way.ConnectAsync(seed.Host, seed.Port, ct).ConfigureAwait(false);
                return Endpoint.Of(new IPEndPoint(((IPEndPoint)way.LocalEndPoint!).Address, endpoint.Port)).ToString();
            }
            catch (SocketException)
            {
                // That seed has no address yet; another may.
            }
        }
        throw new JoinException(JoinStep.Options, $"listens at {bound}, which peers cannot dial, and no seed tells the way: set Advertise to an address of this node");
    }
}
