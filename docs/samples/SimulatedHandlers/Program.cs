using System;
using System.Threading.Tasks;
using GroupComm;

// One shelf per process, run under crashes, restarts, cuts and pauses, on virtual time.
static async Task<SimulatedReplica> SetUp(ISimulatedNode node, Shelf shelf)
{
    IGroup group = await node.JoinAsync("shelf", g => g
        .Register<Put>(shelf.PutAsync)
        .RegisterState(shelf.CaptureAsync, shelf.RestoreAsync));
    return new SimulatedReplica(group, shelf.Digest, client: async random => await group.SendAsync(new Put($"{(char)('a' + random.Next(9))}")));
}

var options = new SimulationOptions { Nodes = 3, Seeds = new(1, 500) };

SimulationOutcome broken = await SimulatedCluster.RunAsync(options, node => SetUp(node, new Shelf()));
Console.WriteLine($"The shelf that pushes off the first name of a hash set:\n\n{broken.Explain()}\n");

SimulationOutcome repaired = await SimulatedCluster.RunAsync(options, node => SetUp(node, new RepairedShelf()));
Console.WriteLine($"The repaired shelf:\n\n{repaired.Explain()}");
return !broken.Ok && repaired.Ok ? 0 : 1;
