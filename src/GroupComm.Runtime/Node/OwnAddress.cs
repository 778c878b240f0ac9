using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Discovery;
using GroupComm.Transport;

namespace GroupComm.Runtime.Node;

/// <summary>Which address peers are told: as configured, else the bound one, else the one from which the first seed, a found
/// node or, with discovery, the world is reached.</summary>
internal static class OwnAddress
{
    // From the block that is set aside for documents: nobody has it, so only the default route leads there.
    private const string AnywhereElse = "192.0.2.1:7400";

    public static async Task<string> FindAsync(NodePlan plan, string bound, DnsDiscovery? discovery, CancellationToken ct)
    {
        if (!Endpoint.TryParse(bound, Endpoint.DefaultPort, out Endpoint endpoint))
            throw new JoinException(JoinStep.Connect, $"bound to '{bound}', which is no endpoint");
        if (plan.Options.Advertise is { } advertise && Endpoint.TryParse(advertise, endpoint.Port, out Endpoint told))
            return told.ToString();
        if (!NodePlan.IsWildcard(endpoint.Host))
            return endpoint.ToString();
        List<Endpoint> peers = [.. plan.Seeds];
        if (discovery is not null)
        {
            foreach (string found in (await discovery.LookUpAsync(new Finding([]), ct).ConfigureAwait(false)).Endpoints)
                if (Endpoint.TryParse(found, endpoint.Port, out Endpoint peer))
                    peers.Add(peer);
            // The first pod of a service may be the only one with a record, or have none yet: the way out is the way to the others.
            if (Endpoint.TryParse(AnywhereElse, endpoint.Port, out Endpoint elsewhere))
                peers.Add(elsewhere);
        }
        foreach (Endpoint peer in peers)
        {
            try
            {
                // Connecting a datagram socket sends nothing; it only asks the system for the way.
                using Socket way = new(SocketType.Dgram, ProtocolType.Udp);
                await way.ConnectAsync(peer.Host, peer.Port, ct).ConfigureAwait(false);
                return Endpoint.Of(new IPEndPoint(((IPEndPoint)way.LocalEndPoint!).Address, endpoint.Port)).ToString();
            }
            catch (SocketException)
            {
                // That peer has no address yet, or there is no way to it; another may do.
            }
        }
        throw new JoinException(JoinStep.Options, $"listens at {bound}, which peers cannot dial, and no seed tells the way: set Advertise to an address of this node");
    }
}
