using System;
using System.CommandLine;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.CommandLine;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>The hidden commands under which bench starts its processes.</summary>
internal static class BenchChildren
{
    public const string NodeName = "bench-node";
    public const string RawName = "bench-raw";
    public const string PingName = "bench-ping";

    public static Command Node()
    {
        var name = new Option<string>("--name") { Required = true };
        var cluster = new Option<string>("--cluster") { Required = true };
        var expected = new Option<int>("--expected-nodes") { Required = true };
        var order = new Option<string>("--order") { Required = true };
        var inFlight = new Option<int>("--inflight");
        var groups = new Option<int>("--groups") { DefaultValueFactory = _ => 1 };
        var silence = new Option<int>("--silence") { Required = true };
        var certificates = new Option<string?>("--certificates");
        var command = new Command(NodeName, "A child of bench.") { name, cluster, expected, order, inFlight, groups, silence, certificates };
        command.Hidden = true;
        command.SetAction((parsed, _) => Run(port => new BenchNode(port, new BenchNodePlan(
            parsed.GetRequiredValue(name), parsed.GetRequiredValue(cluster), parsed.GetValue(expected), Orders.Parse(parsed.GetRequiredValue(order)),
            parsed.GetValue(inFlight), parsed.GetValue(groups), parsed.GetValue(certificates), parsed.GetValue(silence))).RunAsync(StartAsync)));
        return command;
    }

    public static Command Raw()
    {
        var nodes = new Option<int>("--nodes") { Required = true };
        var command = new Command(RawName, "A child of bench.") { nodes };
        command.Hidden = true;
        command.SetAction((parsed, _) => Run(port => new RawNode(port, parsed.GetValue(nodes)).RunAsync()));
        return command;
    }

    public static Command Ping()
    {
        var command = new Command(PingName, "A child of bench.") { Hidden = true };
        command.SetAction((_, _) => Run(port => new PingNode(port).RunAsync()));
        return command;
    }

    /// <summary>Waits for its seed, then starts a node on a free port of the loopback and says where.</summary>
    public static async Task<IGroupCommNode> StartAsync(IBenchPort port, BenchNodePlan plan)
    {
        string seeds = (await port.NextAsync().ConfigureAwait(false))[1];
        GroupCommOptions options = new() { Name = plan.Name, Cluster = plan.Cluster, Listen = "127.0.0.1:0", ExpectedNodes = plan.Expected, SuspicionTimeout = TimeSpan.FromSeconds(plan.Silence) };
        foreach (string seed in seeds.Split(',', StringSplitOptions.RemoveEmptyEntries))
            options.Seeds.Add(seed);
        if (plan.Certificates is { } directory)
            BenchCertificates.Use(options, directory);
        BoundAddress address = new();
        using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddProvider(address));
        IGroupCommNode node = await GroupCommNode.StartAsync(options, logs).ConfigureAwait(false);
        port.Say("listening", address.Text, node.Id.ToString());
        return node;
    }

    private static Task<int> Run(Func<IBenchPort, Task> run)
    {
        Control control = new();
        return ChildStart.GuardAsync(control, () => run(new PipePort(control)));
    }
}
