using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Clients;

/// <summary>Commands that ask a daemon: <c>view</c>, <c>groups</c>, <c>explain</c>, <c>health</c>, <c>top</c>, <c>send</c>, <c>join</c>.</summary>
internal static class ClientCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Ask("view", "The cluster's view: members by rank.", "/v1/view", PrintView);
        yield return Ask("groups", "The groups of the cluster.", "/v1/groups", PrintGroups);
        yield return Ask("explain", "What is waiting and why: order, causal predecessor, stability, flow, view change.", "/v1/explain", PrintExplain);
        yield return Health();
        yield return Top();
        yield return SendCommand.Create();
        yield return JoinCommand.Create();
    }

    public static Option<string?> At() => new("--at")
    {
        Description = $"HTTP address of the daemon [default: {DaemonClient.Variable}, else {DaemonClient.Default}].", HelpName = "ENDPOINT",
    };

    private static Option<bool> JsonOption() => new("--json") { Description = "One line of JSON, as the daemon says it." };

    private static ExampledCommand Ask(string name, string description, string path, Action<TextWriter, JsonElement> print)
    {
        Option<string?> at = At();
        Option<bool> json = JsonOption();
        var command = new ExampledCommand(name, description, $"groupcomm {name}", $"groupcomm {name} --at 127.0.0.1:7481 --json") { at, json };
        command.SetAction(async (parsed, ct) =>
        {
            using DaemonClient client = new(parsed.GetValue(at));
            using JsonDocument answer = await client.GetAsync(path, ct).ConfigureAwait(false);
            if (parsed.GetValue(json))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(answer.RootElement.GetRawText()).ConfigureAwait(false);
            else
                print(parsed.InvocationConfiguration.Output, answer.RootElement);
            return Exit.Ok;
        });
        return command;
    }

    private static ExampledCommand Health()
    {
        Option<string?> at = At();
        Option<bool> json = JsonOption();
        var live = new Option<bool>("--live") { Description = "Only whether the daemon lives; it may wait for others." };
        var command = new ExampledCommand("health", "Probe for containers: 0 when the node is in a primary view, else 1.", "groupcomm health", "groupcomm health --live") { at, json, live };
        command.SetAction(async (parsed, ct) =>
        {
            string status = "ready";
            int code = Exit.Ok;
            try
            {
                using DaemonClient client = new(parsed.GetValue(at));
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(TimeSpan.FromSeconds(3));
                using JsonDocument answer = await client.GetAsync(parsed.GetValue(live) ? "/healthz/live" : "/healthz/ready", limit.Token).ConfigureAwait(false);
                status = answer.RootElement.GetProperty("status").GetString() ?? "";
            }
            catch (Exception error) when (error is DaemonException || (error is OperationCanceledException && !ct.IsCancellationRequested))
            {
                (status, code) = (error is DaemonException ? error.Message : "the daemon did not answer within 3 s", Exit.Violation);
            }
            if (parsed.GetValue(json))
                Json.Write(parsed.InvocationConfiguration.Output, writer =>
                {
                    writer.WriteBoolean("ok", code == Exit.Ok);
                    writer.WriteString("status", status);
                });
            else if (code == Exit.Ok)
                await parsed.InvocationConfiguration.Output.WriteLineAsync(status).ConfigureAwait(false);
            else
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"groupcomm health: {status.ReplaceLineEndings(" ")}").ConfigureAwait(false);
            return code;
        });
        return command;
    }

    private static ExampledCommand Top()
    {
        Option<string?> at = At();
        Option<bool> json = JsonOption();
        var command = new ExampledCommand("top", "A live screen: members, rates, latencies, who holds what back. Ctrl-C ends it.", "groupcomm top", "groupcomm top --json") { at, json };
        command.SetAction(async (parsed, ct) =>
        {
            using DaemonClient client = new(parsed.GetValue(at));
            await TopScreen.RunAsync(client, parsed.InvocationConfiguration.Output, parsed.GetValue(json), ct).ConfigureAwait(false);
            return Exit.Ok;
        });
        return command;
    }

    private static void PrintView(TextWriter output, JsonElement view)
    {
        string waiting = view.TryGetProperty("waiting", out JsonElement reason) && reason.GetString() is { } text ? $": {text}" : "";
        output.WriteLine(view.GetProperty("id").ValueKind == JsonValueKind.Null
            ? $"{view.GetProperty("node").GetString()} of cluster {view.GetProperty("cluster").GetString()}: no view yet{waiting}"
            : $"view {view.GetProperty("id").GetInt64()} of cluster {view.GetProperty("cluster").GetString()} since {view.GetProperty("since").GetString()}, "
                + $"seen by {view.GetProperty("node").GetString()}{(view.GetProperty("primary").GetBoolean() ? "" : $", not primary{waiting}")}");
        foreach (JsonElement member in view.GetProperty("members").EnumerateArray())
            output.WriteLine($"{member.GetProperty("rank").GetInt32(),3}  {member.GetProperty("name").GetString(),-20} {member.GetProperty("address").GetString(),-22} #{member.GetProperty("incarnation").GetInt64()}");
    }

    private static void PrintGroups(TextWriter output, JsonElement groups)
    {
        foreach (JsonElement group in groups.GetProperty("groups").EnumerateArray())
            output.WriteLine($"{group.GetProperty("group").GetString(),-30} view {group.GetProperty("view").GetString(),-10} {Members(group.GetProperty("members").GetInt32())}");
        if (groups.GetProperty("groups").GetArrayLength() == 0)
            output.WriteLine("no groups: 'groupcomm join GROUP' makes one");
    }

    private static string Members(int count) => count == 1 ? "1 member" : $"{count} members";

    private static void PrintExplain(TextWriter output, JsonElement explain)
    {
        string[] lines = [.. explain.GetProperty("summary").EnumerateArray().Select(line => line.GetString() ?? "")];
        foreach (string line in lines)
            output.WriteLine(line);
        if (lines.Length == 0)
            output.WriteLine($"nothing waits at {explain.GetProperty("node").GetString()}");
    }
}
