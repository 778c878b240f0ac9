using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Steps;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar.Json;

/// <summary>
/// Plays one schedule of the controller race for the page: some milliseconds of one core, in the simulator, which has nothing to do
/// with the node. One at a time, so that nobody can keep the daemon busy with it.
/// </summary>
internal static class RaceJson
{
    /// <summary>As programs in a browser can count.</summary>
    private const ulong LargestSeed = (1UL << 53) - 1;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly SemaphoreSlim s_one = new(1);

    public static async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Race race = RaceOf(Query.Text(request, "race") ?? "A");
        Approach approach = ApproachOf(Query.Text(request, "approach") ?? "baseline");
        ulong seed = SeedOf(Query.Text(request, "seed") ?? "1");
        if (!await s_one.WaitAsync(s_patience, context.RequestAborted).ConfigureAwait(false))
            throw new Problem(503, "busy", "other races are played at the moment", "retry") { RetryAfter = 1 };
        StepRecorder played;
        try
        {
            played = await Task.Run(() => StepRecorder.Play(seed, race, approach), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            s_one.Release();
        }
        if (played.Outcome.Failure is { } failure)
            throw new Problem(500, "race-failed", failure, $"please report it with its seed: race {race}, {approach.Name}, seed {seed}");
        await Reply.JsonAsync(context, 200, json => StepsJson.Write(json, seed, race, approach, played)).ConfigureAwait(false);
    }

    private static Race RaceOf(string text) => Races.Find(text) ?? throw Problem.Bad("bad-race", $"race '{text}' is unknown", "use one of A, B, C, D, E, F, G");

    private static Approach ApproachOf(string text) => Approach.All.FirstOrDefault(each => each.Name == text)
        ?? throw Problem.Bad("bad-approach", $"approach '{text}' is unknown", $"use one of {string.Join(", ", Approach.All.Select(static each => each.Name))}");

    private static ulong SeedOf(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) && seed is >= 1 and <= LargestSeed ? seed
        : throw Problem.Bad("bad-seed", $"seed '{text}' is not a number from 1 to {LargestSeed}", "correct it");
}
