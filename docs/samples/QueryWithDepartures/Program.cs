// A question to all: the answers come as they arrive, and who dies before answering is known at once, without a time-out.
//
//   dotnet run -- 7401 7402 7403                       own port first, then those of the others
//   THINK=60 dotnet run -- 7402 7401 7403              this one takes a minute for every answer
//   dotnet run -- 7403 7401 7402
//
// An empty line asks all, "majority" more than half, "first" whoever is quickest. Kill the slow one while it thinks.
using System;
using System.Globalization;
using System.Threading.Tasks;
using GroupComm;

string[] ports = args.Length > 0 ? args : ["7401"];
TimeSpan think = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("THINK") ?? "0", CultureInfo.InvariantCulture));
GroupCommOptions options = new() { Cluster = "query", Name = $"n{ports[0]}", Listen = $"127.0.0.1:{ports[0]}" };
options.SuspicionTimeout = TimeSpan.FromSeconds(10); // a busy machine may stop a process for a while; a killed one is noticed at once
foreach (string port in ports[1..])
    options.Seeds.Add($"127.0.0.1:{port}");

await using IGroupCommNode node = await GroupCommNode.StartAsync(options);
await using IGroup group = await node.JoinAsync("query", g => g
    .RegisterQuery<HowBusy, Load>(async (_, _, ct) =>
    {
        await Task.Delay(think, ct);
        return new Load(Environment.ProcessId, GC.GetTotalMemory(forceFullCollection: false));
    })
    .OnView((view, _) =>
    {
        Console.WriteLine($"view {view.Id}: {view.Members.Count} members ({view.Reason})");
        return ValueTask.CompletedTask;
    }));

while (await Console.In.ReadLineAsync() is { } line)
{
    QueryTarget target = line switch { "majority" => QueryTarget.Majority, "first" => QueryTarget.First(1), _ => QueryTarget.All };
    await foreach (Reply<Load> reply in group.QueryAsync<HowBusy, Load>(new HowBusy(), target))
        Console.WriteLine(reply switch
        {
            { Departed: true } => $"{reply.Member} departed before it answered",
            { Error: { } error } => $"{reply.Member} failed: {error}",
            _ => $"{reply.Member} answers: process {reply.Value!.Process}, {reply.Value.Bytes >> 10} KiB",
        });
    Console.WriteLine("that is all");
}

/// <summary>The question.</summary>
[GroupMessage("how-busy", Order = DeliveryOrder.Agreed)]
public sealed record HowBusy;

/// <summary>One answer.</summary>
public sealed record Load(int Process, long Bytes);
