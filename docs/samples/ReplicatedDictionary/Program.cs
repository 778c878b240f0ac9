// A dictionary of which every process has the whole: writes are agreed multicasts, reads are local, and a process that comes
// later gets the state as it was at the very point where it joined.
//
//   dotnet run -- 7401 7402 7403      own port first, then those of the others; the same in two more terminals
//
//   set KEY VALUE      the same order at all
//   get KEY            what this process has
//   fresh KEY          what this process has after everything that was safe anywhere before the question
//   all                every key and value
using System;
using System.Linq;
using System.Threading.Tasks;
using GroupComm;

string[] ports = args.Length > 0 ? args : ["7401"];
GroupCommOptions options = new() { Cluster = "dictionary", Name = $"n{ports[0]}", Listen = $"127.0.0.1:{ports[0]}" };
options.SuspicionTimeout = TimeSpan.FromSeconds(10); // a busy machine may stop a process for a while; a killed one is noticed at once
foreach (string port in ports[1..])
    options.Seeds.Add($"127.0.0.1:{port}");

Replica replica = new();
await using IGroupCommNode node = await GroupCommNode.StartAsync(options);
await using IGroup group = await node.JoinAsync("dictionary", g =>
{
    g.Options.AgreedOnly = true; // the state depends on the order of all writes, so no other order is allowed
    g.Options.HandlerFailurePolicy = HandlerFailurePolicy.Stop; // a replica that failed to apply a write is no replica
    g.Register<Set>((set, _, _) => replica.Apply(set))
        .RegisterState(replica.CaptureAsync, replica.RestoreAsync)
        .OnView((view, _) =>
        {
            Console.WriteLine($"view {view.Id}: {view.Members.Count} replicas ({view.Reason}), {replica.Count} keys here");
            return ValueTask.CompletedTask;
        });
});

while (await Console.In.ReadLineAsync() is { } line)
{
    switch (line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries))
    {
        case ["set", var key, var value]:
            SendReceipt receipt = await group.SendAsync(new Set(key, value));
            await receipt.Delivered; // applied here, at its place in the order
            Console.WriteLine($"{key} is set");
            break;
        case ["get", var key]:
            Console.WriteLine(replica.Get(key) ?? "(nothing)");
            break;
        case ["fresh", var key]:
            await group.BarrierAsync();
            Console.WriteLine(replica.Get(key) ?? "(nothing)");
            break;
        case ["all"]:
            Console.WriteLine(string.Join(", ", replica.All().Select(pair => $"{pair.Key}={pair.Value}")));
            break;
        default:
            Console.WriteLine("set KEY VALUE, get KEY, fresh KEY, all");
            break;
    }
}
