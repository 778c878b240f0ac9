using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests.Sidecar;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Daemon.Tests.Chaos;

/// <summary>
/// 200 clients over three daemons, one of which is killed twice, while every client breaks off and comes back all the time.
/// Longer: <c>dotnet cake --target=Chaos --rounds=100</c>; what is passed is noted and not run again.
/// </summary>
public class ChaosTests(ITestOutputHelper output)
{
    private const int Clients = 200;

    /// <summary>So many messages are confirmed before a round may end; two thirds of them at least by daemons that live on.</summary>
    private const int Least = 150;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Clients_that_resume_lose_nothing_and_are_told_nothing_twice()
    {
        int rounds = Setting("ROUNDS", 1), first = Setting("SEED", 1);
        string? notes = Environment.GetEnvironmentVariable("GROUPCOMM_CHAOS_NOTES");
        HashSet<string> passed = notes is not null && File.Exists(notes) ? [.. File.ReadLines(notes).Select(line => line.Split(' ')[0])] : [];
        for (int seed = first; seed < first + rounds; seed++)
        {
            if (passed.Contains($"{seed}"))
                continue;
            string told = await RoundAsync(seed);
            output.WriteLine(told);
            if (notes is not null)
                await File.AppendAllTextAsync(notes, told + "\n", Sidecar.Daemon.Ct);
        }
    }

    [Fact]
    public void The_verdict_sees_what_is_lost_doubled_or_out_of_order()
    {
        Assert.Empty(Judge([1, 2, 3], [2, 3]));
        Assert.Contains("2 times", Assert.Single(Judge([1, 2, 3, 3], [1, 2, 3], last: false), text => text.Contains("times", StringComparison.Ordinal)));
        Assert.Contains(Judge([1, 2, 3], [1, 3]), text => text.Contains("was told 'm3' where 'm2' comes", StringComparison.Ordinal));
        Assert.Contains(Judge([1, 2, 3], [2, 1, 3]), text => text.Contains("comes", StringComparison.Ordinal) || text.Contains("has", StringComparison.Ordinal));
        Assert.Contains("which was confirmed", Assert.Single(Judge([1, 2, 3], [3], confirmed: ["m3", "m2"])));

        static string[] Judge(int[] one, int[] other, string[]? confirmed = null, bool last = true) =>
            [.. ChaosVerdict.Violations([("a", [Told(one)]), ("b", last ? [Told(other)] : [])], confirmed ?? ["m3"])];

        static Segment Told(int[] places) => new(0, 0, [.. places.Select(place => new Got(new Place(1, 1, place), $"m{place}", "agreed"))]);
    }

    private static async Task<string> RoundAsync(int seed)
    {
        Random random = new(seed);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Sidecar.Daemon.Ct);
        late.CancelAfter(s_limit);
        int[] peers = [.. Enumerable.Range(0, 3).Select(_ => FreePorts.Next())];
        ChaosDaemon[] daemons = [.. Enumerable.Range(0, 3).Select(i => new ChaosDaemon(i, peers, FreePorts.Next()))];
        try
        {
            foreach (ChaosDaemon daemon in daemons)
                daemon.Start();
            foreach (ChaosDaemon daemon in daemons)
                await daemon.ReadyAsync(late.Token);

            string end = $"end-{seed}";
            ChaosClient[] clients = [.. Enumerable.Range(0, Clients).Select(i => new ChaosClient($"c{i}", daemons[i % 3], new Random(seed * 1000 + i), end))];
            Task reading = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(late.Token), late.Token)));
            while (clients.Any(client => client.Segments.Count == 0))
                await Task.Delay(50, late.Token);

            ChaosSender[] senders = [.. Enumerable.Range(0, 6).Select(i => new ChaosSender($"s{i}", daemons[i % 3], new Random(seed * 1000 + 500 + i)))];
            using CancellationTokenSource stop = new();
            Task sending = Task.WhenAll(senders.Select(sender => Task.Run(() => sender.RunAsync(stop.Token), late.Token)));
            ChaosDaemon victim = daemons[random.Next(3)];
            for (int kill = 0; kill < 2; kill++)
            {
                await Task.Delay(random.Next(1500, 2500), late.Token);
                await victim.KillAsync();
                await Task.Delay(random.Next(200, 1500), late.Token);
                victim.Start();
                await victim.ReadyAsync(late.Token);
            }
            await Task.Delay(1500, late.Token);
            while (senders.Sum(sender => sender.Confirmed.Count) < Least) // however busy the machine
                await Task.Delay(50, late.Token);
            await stop.CancelAsync();
            await sending;
            while (clients.Any(client => client.Daemon == victim && client.Segments[^1].Life < 2)) // all are back before the last message
                await Task.Delay(50, late.Token);
            using (HttpResponseMessage last = await daemons[0].Http.PostAsync("/v1/groups/chaos/messages?order=safe&wait=safe", new StringContent(end), late.Token))
                Assert.True(last.IsSuccessStatusCode, await last.Content.ReadAsStringAsync(late.Token));
            await reading;

            List<string> confirmed = [end, .. senders.Zip(Enumerable.Range(0, 6)).SelectMany(each => each.First.Confirmed.Where(text => text.Safe || daemons[each.Second % 3] != victim)).Select(each => each.Text)];
            string[] violations = [.. ChaosVerdict.Violations([.. clients.Select(client => (client.Name, (IReadOnlyList<Segment>)client.Segments))], confirmed).Take(20)];
            Assert.True(violations.Length == 0, $"seed {seed}: {string.Join("; ", violations)}");
            int whole = clients.Count(client => client.Segments.Count == 1);
            Assert.True(confirmed.Count >= Least / 3 && whole > Clients / 2, $"too little happened: {confirmed.Count} confirmed, {whole} clients without a reset");
            return string.Create(CultureInfo.InvariantCulture, $"{seed} passed: {confirmed.Count} messages confirmed, {clients.Sum(client => client.Segments.Sum(segment => segment.Messages.Count))} events told, {clients.Sum(client => client.Resumed)} streams resumed, {senders.Sum(sender => sender.Repeated)} requests repeated, {Clients - whole} clients were reset");
        }
        finally
        {
            foreach (ChaosDaemon daemon in daemons)
                await daemon.DisposeAsync();
        }
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable($"GROUPCOMM_CHAOS_{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : usual;
}
