using System;
using System.CommandLine;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Clients;

/// <summary><c>groupcomm send</c>: one multicast per argument or line, from outside the group.</summary>
internal static class SendCommand
{
    private static readonly string[] s_stages = ["accepted", "delivered", "safe", "durable"];

    public static Command Create()
    {
        var group = new Argument<string>("GROUP") { Description = "The group; it has a member somewhere." };
        var texts = new Argument<string[]>("TEXT") { Description = "A message each; none, or -, reads lines of standard input.", Arity = ArgumentArity.ZeroOrMore };
        var order = new Option<string>("--order") { Description = "fifo, causal, agreed or safe.", HelpName = "ORDER", DefaultValueFactory = _ => "agreed" };
        var wait = new Option<string>("--wait") { Description = "accepted, delivered, safe or durable.", HelpName = "STAGE", DefaultValueFactory = _ => "delivered" };
        var timeout = new Option<string>("--timeout") { Description = "How long to wait for the stage.", HelpName = "TIME", DefaultValueFactory = _ => "5s" };
        Option<string?> at = ClientCommands.At();
        var json = new Option<bool>("--json") { Description = "Prints a line for each message: its id and the stage reached." };
        var command = new ExampledCommand("send", "Multicasts to a group without being a member.",
            "groupcomm send stock 'apples 3'", "tail -f orders.log | groupcomm send orders - --order safe --wait safe")
        {
            group, texts, order, wait, timeout, at, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            _ = Orders.Parse(parsed.GetRequiredValue(order));
            if (Array.IndexOf(s_stages, parsed.GetRequiredValue(wait)) < 0)
                throw new UsageException($"--wait '{parsed.GetRequiredValue(wait)}' is unknown: use one of {string.Join(", ", s_stages)}");
            string path = $"/v1/groups/{Uri.EscapeDataString(parsed.GetRequiredValue(group))}/messages?order={parsed.GetRequiredValue(order)}"
                + $"&wait={parsed.GetRequiredValue(wait)}&timeout={Uri.EscapeDataString(parsed.GetRequiredValue(timeout))}";
            using DaemonClient client = new(parsed.GetValue(at));
            async Task SendAsync(string text)
            {
                string answer = await client.PostAsync(path, Encoding.UTF8.GetBytes(text), ct).ConfigureAwait(false);
                if (parsed.GetValue(json))
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(answer.TrimEnd()).ConfigureAwait(false);
            }
            string[] given = parsed.GetValue(texts) ?? [];
            if (given is [] or ["-"])
            {
                using StreamReader lines = Input();
                while (await lines.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
                    await SendAsync(line).ConfigureAwait(false);
            }
            else
            {
                foreach (string text in given)
                    await SendAsync(text).ConfigureAwait(false);
            }
            return Exit.Ok;
        });
        return command;
    }

    /// <summary>Standard input as UTF-8, wherever the terminal stands.</summary>
    public static StreamReader Input() => new(Console.OpenStandardInput(), new UTF8Encoding(false));
}
