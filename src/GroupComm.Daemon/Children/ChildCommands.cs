using System.CommandLine;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Children;

/// <summary>The hidden commands under which the executable starts itself as a child.</summary>
internal static class ChildCommands
{
    public const string DemoNodeName = "demo-node";
    public const string BurstNodeName = "burst-node";

    public static Command DemoNode()
    {
        var name = new Option<string>("--name") { Required = true };
        var cluster = new Option<string>("--cluster") { Required = true };
        var expected = new Option<int>("--expected-nodes") { Required = true };
        var order = new Option<string>("--order") { Required = true };
        var input = new Option<string?>("--input");
        var place = new Option<int>("--place") { Required = true };
        var messages = new Option<int>("--messages") { Required = true };
        var rate = new Option<int>("--rate") { Required = true };
        var trace = new Option<string>("--trace") { Required = true };
        var command = new Command(DemoNodeName, "A child of demo.") { name, cluster, expected, order, input, place, messages, rate, trace };
        command.Hidden = true;
        command.SetAction((parsed, _) => new DemoNode(new DemoNodePlan(
            parsed.GetRequiredValue(name), parsed.GetRequiredValue(cluster), parsed.GetValue(expected), Orders.Parse(parsed.GetRequiredValue(order)),
            parsed.GetValue(input), parsed.GetValue(place), parsed.GetValue(messages), parsed.GetValue(rate), parsed.GetRequiredValue(trace))).RunAsync());
        return command;
    }

    public static Command BurstNode()
    {
        var name = new Option<string>("--name") { Required = true };
        var cluster = new Option<string>("--cluster") { Required = true };
        var expected = new Option<int>("--expected-nodes") { Required = true };
        var command = new Command(BurstNodeName, "A child of demo.") { name, cluster, expected };
        command.Hidden = true;
        command.SetAction((parsed, _) => new BurstNode(parsed.GetRequiredValue(name), parsed.GetRequiredValue(cluster), parsed.GetValue(expected)).RunAsync());
        return command;
    }
}
