using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Transport;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Serve;

/// <summary><c>groupcomm serve</c>: a node as a daemon.</summary>
internal static class ServeCommand
{
    private static readonly (string Name, LogLevel Level)[] Levels =
        [("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)];

    public static Command Create()
    {
        Option<string?>[] texts =
        [
            Text("--name", "NAME", "The node's name in its cluster [default: host-port]."),
            Text("--cluster", "NAME", "The cluster's name; nodes of others are refused [default: default]."),
            Text("--listen", "HOST:PORT", "Where peers connect; port 0 takes a free one [default: 127.0.0.1:7400]."),
            Text("--advertise", "HOST:PORT", "The address that peers are told [default: the bound one]."),
            Text("--dns", "NAME:PORT", "A name whose addresses are the nodes', asked again and again; needs --expected-nodes."),
            Text("--tls-cert", "FILE", "This node's certificate (PEM): peers are spoken to with mutual TLS; 'groupcomm cert' makes one."),
            Text("--tls-key", "FILE", "Its private key (PEM)."),
            Text("--tls-ca", "FILE", "The CAs whose certificates peers may show (PEM)."),
            Text("--trace", "FILE", "Writes what this node does, for 'groupcomm check'."),
            Text("--http", "HOST:PORT", "Where HTTP is served; also unix:PATH, or off [default: 127.0.0.1:7480]."),
            Text("--token-file", "FILE", "The token that HTTP requests over TCP must bear (mode 0600)."),
            Text("--admin-token-file", "FILE", "The token of admin calls over TCP (mode 0600)."),
            Text("--http-cert", "FILE", "Certificate of HTTPS (PEM)."),
            Text("--http-key", "FILE", "Its private key (PEM)."),
            Text("--socket", "PATH", "A unix socket for clients of the gateway [default: none]."),
            Text("--tcp", "HOST:PORT", "Where clients of the gateway connect over TCP [default: none; port 7481]."),
            Text("--log-level", "LEVEL", "debug, info, warning or error [default: info]."),
            Text("--log-format", "FORMAT", "text or json [default: text]."),
            Text("--otlp", "URL", "Sends metrics and traces to an OpenTelemetry collector [default: no]."),
            Text("--load", "GROUP:RATE[:ORDER][:OPTION=N]…", $"For trials: joins a group and multicasts RATE messages a second [default order: agreed]; options: {LoadOptions.Names}."),
        ];
        var seed = new Option<string[]>("--seed") { Description = "A node of the cluster; may be repeated.", HelpName = "HOST:PORT" };
        var expected = new Option<int?>("--expected-nodes") { Description = "Nodes that must meet before the first view, 1 to 64 [default: counted from the seeds].", HelpName = "N" };
        var suspicion = new Option<double?>("--suspicion-timeout") { Description = "Seconds of silence after which a node is suspected [default: 1].", HelpName = "SECONDS" };
        var wildcard = new Option<bool>("--tls-allow-wildcard") { Description = "Accepts peers whose certificate is for any node of the cluster." };
        var insecurePeers = new Option<bool>("--insecure-peers") { Description = "Allows peers off loopback without TLS." };
        var insecure = new Option<bool>("--insecure") { Description = "Allows HTTP and the gateway off loopback, open to all who reach it." };
        var noRejoin = new Option<bool>("--no-rejoin") { Description = "Ends with 4 when excluded, instead of joining again under a new incarnation." };
        var config = new Option<string?>("--config") { Description = "A JSON file with a section GroupComm; the environment (GROUPCOMM__Key) and flags come after it.", HelpName = "FILE" };
        var command = new ExampledCommand("serve",
            "Runs a node until SIGTERM or Ctrl-C, which leave gracefully within 5 s; a second signal exits at once. Programs of any language use it over HTTP.",
            "groupcomm serve", "groupcomm serve --name n1 --listen 127.0.0.1:7401 --seed 127.0.0.1:7402 --seed 127.0.0.1:7403", "groupcomm serve --config node.json --log-format json")
        {
            seed, expected, suspicion, wildcard, insecurePeers, insecure, noRejoin, config,
        };
#if MUTANTS
        Option<string> mutant = MutantOption.Create();
        command.Add(mutant);
#endif
        foreach (Option<string?> text in texts)
            command.Add(text);
        command.SetAction(async (parsed, ct) =>
        {
            Dictionary<string, string?> flags = new(StringComparer.OrdinalIgnoreCase);
            void Set(string flag, string? value) => flags[ServeKeys.All.First(key => key.Flag == flag).Key] = value;
            foreach (Option<string?> text in texts)
                if (parsed.GetValue(text) is { } given)
                    Set(text.Name, given);
            if (parsed.GetValue(seed) is { Length: > 0 } seeds)
                Set(seed.Name, string.Join(',', seeds));
            if (parsed.GetValue(expected) is { } nodes)
                Set(expected.Name, nodes is >= 1 and <= 64 ? nodes.ToString(CultureInfo.InvariantCulture) : throw new UsageException("--expected-nodes is out of range: 1 to 64"));
            if (parsed.GetValue(suspicion) is { } seconds)
                Set(suspicion.Name, Seconds(seconds));
            if (parsed.GetValue(wildcard))
                Set(wildcard.Name, "true");
            if (parsed.GetValue(insecurePeers))
                Set(insecurePeers.Name, "true");
            if (parsed.GetValue(insecure))
                Set(insecure.Name, "true");
            if (parsed.GetValue(noRejoin))
                Set(noRejoin.Name, "false");
            (GroupCommOptions options, ServeSettings settings) = ServeConfiguration.Read(parsed.GetValue(config), Environment.GetEnvironmentVariables(), flags);
#if MUTANTS
            MutantOption.Choose(parsed.GetRequiredValue(mutant));
#endif
            return await ServeRun.RunAsync(Plan(options, settings), ct).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>What the node's own check does not know of.</summary>
    private static ServePlan Plan(GroupCommOptions options, ServeSettings settings)
    {
        if (options.ExpectedNodes > 1 && options.Seeds.Count == 0 && options.Dns is null && options.Listen.StartsWith("127.0.0.1:0", StringComparison.Ordinal))
            throw new UsageException("nobody can find this node: it expects others, has no --seed and listens on a port that nobody knows; give --listen a port");
        if (!Levels.Any(each => each.Name == settings.LogLevel))
            throw new UsageException($"--log-level '{settings.LogLevel}' is unknown: use one of {string.Join(", ", Levels.Select(each => each.Name))}");
        if (settings.LogFormat is not ("text" or "json"))
            throw new UsageException($"--log-format '{settings.LogFormat}' is unknown: use text or json");
        if (settings.Otlp is { } otlp && !(Uri.TryCreate(otlp, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"))
            throw new UsageException($"--otlp '{otlp}' is no URL: write http://host:4317");
        HttpAccess access = HttpAccess.Of(settings);
        Endpoint? http = HttpHost.Plan(settings.Http, settings.Insecure || access.IsProtected);
        GatewayPlan? gateway = GatewayPlan.Of(settings.Socket, settings.Tcp, settings.Insecure, access);
        Load? load = settings.Load is { } given ? Load.Parse(given) : null;
        return new ServePlan(options, http, gateway, load, Levels.First(each => each.Name == settings.LogLevel).Level, settings.LogFormat == "json", settings.Otlp) { Access = access };
    }

    private static Option<string?> Text(string name, string shown, string description) => new(name) { Description = description, HelpName = shown };

    private static string Seconds(double given) => given is >= 0.3 and <= 60
        ? string.Create(CultureInfo.InvariantCulture, $"{given}s")
        : throw new UsageException("--suspicion-timeout is out of range: 0.3 to 60 seconds");
}

/// <summary>What a daemon does, checked.</summary>
internal sealed record ServePlan(GroupCommOptions Options, Endpoint? Http, GatewayPlan? Gateway, Load? Load, LogLevel Level, bool JsonLogs, string? Otlp)
{
    /// <summary>Who may use HTTP.</summary>
    public HttpAccess Access { get; init; } = HttpAccess.Open;
}
