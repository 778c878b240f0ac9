using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using GroupComm.Daemon.CommandLine;
using GroupComm.Transport;
using GroupComm.Transport.Tls;

namespace GroupComm.Daemon.Cert;

/// <summary><c>groupcomm cert init | issue NAME</c>: a small CA for one cluster and certificates of its nodes.</summary>
internal static class CertCommand
{
    private const int LongestDays = 3650;

    public static Command Create() => new ExampledCommand("cert", "Makes a small CA and node certificates, for mutual TLS between peers.",
        "groupcomm cert init --cluster shop", "groupcomm cert issue n1")
    {
        Init(),
        Issue(),
    };

    private static ExampledCommand Init()
    {
        var cluster = new Option<string>("--cluster") { Description = "The cluster whose nodes it vouches for.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        (Option<string> directory, Option<int> days) = (DirectoryOption(), DaysOption(LongestDays));
        var command = new ExampledCommand("init", "Makes the CA of a cluster: ca.pem goes to every node, ca-key.pem to none.", "groupcomm cert init --cluster shop --dir certs") { cluster, directory, days };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(cluster);
            if (!NodeId.IsValidName(name))
                throw new UsageException($"--cluster '{name}' is not a name: use 1 to 64 of A-Z a-z 0-9 . _ -");
            TimeSpan life = Life(parsed.GetValue(days));
            CertFiles files = new(parsed.GetRequiredValue(directory));
            files.WriteAuthority(() => Authority.Create(name, DateTimeOffset.UtcNow, life));
            parsed.InvocationConfiguration.Output.WriteLine($"made the CA of cluster {name}: {files.AuthorityPath}; keep {files.AuthorityKeyPath} to yourself");
            return Exit.Ok;
        });
        return command;
    }

    private static ExampledCommand Issue()
    {
        var names = new Argument<string[]>("NAME") { Description = "Names of nodes; '*' is any node, which peers accept with --tls-allow-wildcard only.", Arity = ArgumentArity.OneOrMore };
        var hosts = new Option<string[]>("--host") { Description = "A host name or address to serve HTTPS under; may be repeated.", HelpName = "HOST" };
        (Option<string> directory, Option<int> days) = (DirectoryOption(), DaysOption(365));
        var command = new ExampledCommand("issue", "Issues certificates of nodes: NAME.pem and NAME-key.pem go to that node.", "groupcomm cert issue n1 n2 n3 --dir certs") { names, hosts, directory, days };
        command.SetAction(parsed =>
        {
            CertFiles files = new(parsed.GetRequiredValue(directory));
            Issued authority = files.ReadAuthority();
            string cluster;
            try
            {
                cluster = Authority.ClusterOf(authority.Certificate) ?? throw new CryptographicException("it was not made by 'groupcomm cert init'");
            }
            catch (CryptographicException error)
            {
                throw new UsageException($"{files.AuthorityPath} cannot be used: {error.Message}");
            }
            string[] wanted = parsed.GetRequiredValue(names);
            if (wanted.FirstOrDefault(name => name != PeerIdentity.AnyNode && !NodeId.IsValidName(name)) is { } bad)
                throw new UsageException($"'{bad}' is not a name: use 1 to 64 of A-Z a-z 0-9 . _ -");
            foreach (string host in parsed.GetValue(hosts) ?? [])
                if (Uri.CheckHostName(host) == UriHostNameType.Unknown || !host.All(char.IsAscii))
                    throw new UsageException($"--host '{host}' is neither a host name nor an address");
            TimeSpan life = Life(parsed.GetValue(days));
            foreach (string name in wanted)
            {
                PeerIdentity identity = new(cluster, name);
                string path = files.WriteNode(name, () => Sign(authority, identity, parsed.GetValue(hosts) ?? [], life, files));
                parsed.InvocationConfiguration.Output.WriteLine($"issued {identity}: {path}");
            }
            return Exit.Ok;
        });
        return command;
    }

    private static Issued Sign(Issued authority, PeerIdentity identity, IReadOnlyList<string> hosts, TimeSpan life, CertFiles files)
    {
        try
        {
            return Authority.Issue(authority, identity, hosts, DateTimeOffset.UtcNow, life);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new UsageException($"{files.AuthorityPath} and {files.AuthorityKeyPath} cannot sign: {error.Message}");
        }
    }

    private static TimeSpan Life(int days) =>
        days is >= 1 and <= LongestDays ? TimeSpan.FromDays(days) : throw new UsageException($"--days is out of range: 1 to {LongestDays}");

    private static Option<string> DirectoryOption() => new("--dir") { Description = "Where the files are.", HelpName = "DIR", DefaultValueFactory = _ => "." };

    private static Option<int> DaysOption(int otherwise) => new("--days") { Description = $"How long it is good, 1 to {LongestDays}.", HelpName = "N", DefaultValueFactory = _ => otherwise };
}
