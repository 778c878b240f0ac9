// Asks for every type of the kit, so that each room that it was built with must come with the packages, in the same version;
// then runs handlers on a simulated cluster: a right one passes, one that draws random numbers is found.
using System;
using System.Reflection;
using System.Threading.Tasks;
using GroupComm;

Assembly kit = Assembly.Load("GroupComm.Testing");
Console.WriteLine($"{kit.GetTypes().Length} types of the kit");
foreach (AssemblyName room in kit.GetReferencedAssemblies())
    if (Assembly.Load(room).GetName().Version != room.Version)
        throw new InvalidOperationException($"{room} came in another version");

SimulationOutcome right = await RunAsync(random: false), wrong = await RunAsync(random: true);
Console.WriteLine(right.Explain());
if (!right.Ok || wrong.Finding is not { Rule: "H-1", Message: not null, Story.Count: <= 30 })
    throw new InvalidOperationException($"expected nothing, then H-1:\n{right.Explain()}\n{wrong.Explain()}");
Console.WriteLine($"found: {wrong.Finding.Message}");

static Task<SimulationOutcome> RunAsync(bool random) => SimulatedCluster.RunAsync(new SimulationOptions { Nodes = 3, Seeds = new(1, 50) }, async node =>
{
    long sum = 0;
    IGroup group = await node.JoinAsync("sum", g => g
        .Register<Add>((add, _, _) =>
        {
            sum += random ? node.Random.Next() : add.By;
            return default;
        })
        .RegisterState(
            async (to, ct) => await to.WriteAsync(BitConverter.GetBytes(sum), ct),
            async (from, ct) =>
            {
                byte[] bytes = new byte[8];
                await from.ReadExactlyAsync(bytes, ct);
                sum = BitConverter.ToInt64(bytes);
            }));
    return new SimulatedReplica(group, () => $"{sum}", async draws => await group.SendAsync(new Add(draws.Next(100))));
});

/// <summary>A message.</summary>
public sealed record Add(int By);
