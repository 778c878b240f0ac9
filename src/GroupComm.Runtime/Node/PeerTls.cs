using System;
using GroupComm.Transport;
using GroupComm.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Node;

/// <summary>From the options to what protects the links with peers; found wanting before anything is bound.</summary>
internal static class PeerTls
{
    /// <summary>Null without certificates: the links are plain.</summary>
    /// <exception cref="JoinException">A file is not usable, or the certificate is for another node.</exception>
    public static CredentialFiles? Open(GroupCommOptions options, ILogger log)
    {
        if (options.TlsCert is null)
            return null;
        CredentialFiles files;
        try
        {
            files = new CredentialFiles(options.TlsCert, options.TlsKey!, options.TlsCa!, TimeProvider.System, log);
        }
        catch (TransportException error)
        {
            throw new JoinException(JoinStep.Tls, error.Message, error);
        }
        PeerIdentity own = files.Identity;
        if (own.Cluster != options.Cluster)
            throw new JoinException(JoinStep.Tls, $"the certificate in TlsCert is for {own}, but Cluster is '{options.Cluster}': issue one for this cluster, or correct Cluster");
        if (options.Name is { } name && !own.Covers(options.Cluster, name))
            throw new JoinException(JoinStep.Tls, $"the certificate in TlsCert is for {own}, but Name is '{name}': make one with 'groupcomm cert issue {name}', or correct Name");
        TransportLog.Secured(log, TlsVersions.Has13 ? "1.3" : "1.2", own.ToString(), files.Current.NotAfter);
        if (!TlsVersions.Has13)
            TransportLog.OldTls(log);
        return files;
    }
}
