using System;
using System.CommandLine;
using System.Linq;
using GroupComm.Daemon.CommandLine;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Serve;

/// <summary><c>groupcomm serve</c>: a node as a daemon.</summary>
internal static class ServeCommand
{
    private static readonly (string Name, LogLevel Level)[] Levels =
        [("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)];

    public static Command Create()
    {
        var name = new Option<string?>("--name") { Description = "The node's name in its cluster [default: host-port].", HelpName = "NAME" };
        var cluster = new Option<string>("--cluster") { Description = "The cluster's name; nodes of others are refused.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var listen = new Option<string>("--listen") { Description = "Where peers connect; port 0 takes a free one.", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:7400" };
        var advertise = new Option<string?>("--advertise") { Description = "The address that peers are told [default: the bound one].", HelpName = "HOST:PORT" };
        var seed = new Option<string[]>("--seed") { Description = "A node of the cluster; may be repeated.", HelpName = "HOST:PORT" };
        var dns = new Option<string?>("--dns") { Description = "A name whose addresses are the nodes', asked again and again; needs --expected-nodes.", HelpName = "NAME:PORT" };
        var expected = new Option<int>("--expected-nodes") { Description = "Nodes that must meet before the first view, 1 to 64 [default: counted from the seeds].", HelpName = "N" };
        var suspicion = new Option<double>("--suspicion-timeout") { Description = "Seconds of silence after which a node is suspected.", HelpName = "SECONDS", DefaultValueFactory = _ => 1 };
        var trace = new Option<string?>("--trace") { Description = "Writes what this node does, for 'groupcomm check'.", HelpName = "FILE" };
        var load = new Option<string?>("--load") { Description = "For trials: joins a group and multicasts RATE messages a second [default order: agreed].", HelpName = "GROUP:RATE[:ORDER]" };
        var insecure = new Option<bool>("--insecure-peers") { Description = "Allows peers off loopback without TLS." };
        var noRejoin = new Option<bool>("--no-rejoin") { Description = "Ends with 4 when excluded, instead of joining again under a new incarnation." };
        var level = new Option<string>("--log-level") { Description = "debug, info, warning or error.", HelpName = "LEVEL", DefaultValueFactory = _ => "info" };
        var command = new ExampledCommand("serve",
            "Runs a node until SIGTERM or Ctrl-C, which leave gracefully within 5 s; a second signal exits at once.",
            "groupcomm serve --name n1 --listen 127.0.0.1:7401 --seed 127.0.0.1:7402 --seed 127.0.0.1:7403")
        {
            name, cluster, listen, advertise, seed, dns, expected, suspicion, trace, load, insecure, noRejoin, level,
        };
#if MUTANTS
        Option<string> mutant = MutantOption.Create();
        command.Add(mutant);
#endif
        command.SetAction(async (parsed, ct) =>
        {
            var options = new GroupCommOptions
            {
                Name = parsed.GetValue(name),
                Cluster = parsed.GetRequiredValue(cluster),
                Listen = parsed.GetRequiredValue(listen),
                Advertise = parsed.GetValue(advertise),
                Dns = parsed.GetValue(dns),
                TraceFile = parsed.GetValue(trace),
                AllowPlaintext = parsed.GetValue(insecure),
                Rejoin = !parsed.GetValue(noRejoin),
                ExpectedNodes = parsed.GetValue(expected),
                SuspicionTimeout = Seconds(parsed.GetValue(suspicion)),
            };
            foreach (string each in parsed.GetValue(seed) ?? [])
                options.Seeds.Add(each);
            if (parsed.GetResult(expected) is { Implicit: false } && options.ExpectedNodes is < 1 or > 64)
                throw new UsageException("--expected-nodes is out of range: 1 to 64");
            if (options.Dns is not null && options.ExpectedNodes == 0)
                throw new UsageException("--dns needs --expected-nodes: records come and go, so say how many nodes found the cluster");
            if (options.ExpectedNodes > 1 && options.Seeds.Count == 0 && options.Dns is null && parsed.GetRequiredValue(listen).StartsWith("127.0.0.1:0", StringComparison.Ordinal))
                throw new UsageException("nobody can find this node: it expects others, has no --seed and listens on a port that nobody knows; give --listen a port");
            string wanted = parsed.GetRequiredValue(level);
            if (!Levels.Any(each => each.Name == wanted))
                throw new UsageException($"--log-level '{wanted}' is unknown: use one of {string.Join(", ", Levels.Select(each => each.Name))}");
            Load? traffic = parsed.GetValue(load) is { } given ? Load.Parse(given) : null;
#if MUTANTS
            MutantOption.Choose(parsed.GetRequiredValue(mutant));
#endif
            return await ServeRun.RunAsync(options, traffic, Levels.First(each => each.Name == wanted).Level, ct).ConfigureAwait(false);
        });
        return command;
    }

    private static TimeSpan Seconds(double given) => given is >= 0.3 and <= 60
        ? TimeSpan.FromSeconds(given)
        : throw new UsageException("--suspicion-timeout is out of range: 0.3 to 60 seconds");
}
