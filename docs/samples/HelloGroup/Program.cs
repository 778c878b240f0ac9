// Hello group: three processes that see each other come and go, and hear what each of them says in one order.
//
//   dotnet run -- 7401 7402 7403      in a first terminal: the own port first, then those of the others
//   dotnet run -- 7402 7401 7403      in a second
//   dotnet run -- 7403 7401 7402      in a third
//
// Type lines; kill one of the three; start it again. The end of the input (Ctrl-D) leaves the group.
using System;
using System.Threading.Tasks;
using GroupComm;

string[] ports = args.Length > 0 ? args : ["7401"];
GroupCommOptions options = new() { Cluster = "hello", Name = $"n{ports[0]}", Listen = $"127.0.0.1:{ports[0]}" };
options.SuspicionTimeout = TimeSpan.FromSeconds(10); // a busy machine may stop a process for a while; a killed one is noticed at once
foreach (string port in ports[1..])
    options.Seeds.Add($"127.0.0.1:{port}");

await using IGroupCommNode node = await GroupCommNode.StartAsync(options);
await using IGroup hello = await node.JoinAsync("hello", g => g
    .Register<Greeting>((greeting, context, _) => Print($"{context.SenderNode.Name}: {greeting.Text}"))
    .OnView((view, _) => Print($"view {view.Id}: {string.Join(' ', view.Members)} ({view.Reason})")));

while (await Console.In.ReadLineAsync() is { } line)
{
    SendReceipt receipt = await hello.SendAsync(new Greeting(line));
    await receipt.Safe; // more than half of the view hold it: it survives this process
}

static ValueTask Print(string text)
{
    Console.WriteLine(text);
    return ValueTask.CompletedTask;
}

/// <summary>What one says to all.</summary>
[GroupMessage("greeting", Order = DeliveryOrder.Agreed)]
public sealed record Greeting(string Text);
