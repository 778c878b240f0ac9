using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;

namespace GroupComm.Daemon.Demo;

/// <summary>What one burst measured.</summary>
/// <param name="Size">Bytes of a message.</param>
/// <param name="PerNodePerSecond">Messages that each node's handler was given in a second; the mean of the nodes.</param>
/// <param name="Delivered">Messages at each node.</param>
/// <param name="Hash">Of the sequence, the same at every node; empty when it was not.</param>
internal sealed record Burst(int Size, double PerNodePerSecond, long Delivered, string Hash);

/// <summary>
/// The throughput figure: three processes of their own, no trace, all sending agreed messages as fast as they are admitted.
/// A first burst that is not counted lets the just-in-time compiler finish.
/// </summary>
internal static class BurstPhase
{
    private const int Nodes = 3;
    private const int WarmUp = 1000;
    private const int Measured = 2000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Burst>> RunAsync(string cluster, CancellationToken ct)
    {
        using var troupe = new Troupe(ct);
        var got = new Dictionary<Actor, string[]>();
        troupe.Heard = (actor, fields) =>
        {
            if (fields is ["burst", ..])
                got[actor] = fields;
        };
        for (int i = 0; i < Nodes; i++)
            troupe.Start($"b{i + 1}", i, ChildProgram.Command(
                ChildCommands.BurstNodeName, "--name", $"b{i + 1}", "--cluster", cluster, "--expected-nodes", Nodes.ToString(CultureInfo.InvariantCulture)));
        await StartUp.MeetAsync(troupe, Limit).ConfigureAwait(false);
        List<Burst> bursts = [];
        await OneAsync(64, WarmUp).ConfigureAwait(false);
        bursts.Add(await OneAsync(64, Measured).ConfigureAwait(false));
        await OneAsync(1024, WarmUp / 2).ConfigureAwait(false);
        bursts.Add(await OneAsync(1024, Measured).ConfigureAwait(false));
        return bursts;

        async Task<Burst> OneAsync(int size, int milliseconds)
        {
            got.Clear();
            foreach (Actor actor in troupe.Actors)
                actor.Process.Tell("burst", size.ToString(CultureInfo.InvariantCulture), milliseconds.ToString(CultureInfo.InvariantCulture));
            await troupe.UntilAsync(() => got.Count == Nodes, "the end of the throughput burst", Limit).ConfigureAwait(false);
            double[] rates = [.. got.Values.Select(each => long.Parse(each[1], CultureInfo.InvariantCulture) / double.Parse(each[2], CultureInfo.InvariantCulture) * 1000)];
            bool same = got.Values.All(each => each[1] == got[troupe.Actors[0]][1] && each[3] == got[troupe.Actors[0]][3]);
            return new Burst(size, rates.Average(), long.Parse(got[troupe.Actors[0]][1], CultureInfo.InvariantCulture), same ? got[troupe.Actors[0]][3] : "");
        }
    }
}
