using System;
using System.Text.Json;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Runs;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Steps;

/// <summary>One schedule as JSON: what stands, every step, what flew, and what it came to. Times are milliseconds since the race began.</summary>
internal static class StepsJson
{
    private const char Drop = '-';

    public static void Write(Utf8JsonWriter json, ulong seed, Race race, Approach approach, StepRecorder played)
    {
        json.WriteString("race", race.ToString());
        json.WriteString("approach", approach.Name);
        json.WriteNumber("seed", seed);
        json.WriteString("what", Races.Describe(race));
        json.WriteString("expected", Expectation.Name(Expectation.Of(approach, race)));
        WriteFabric(json);
        json.WriteNumber("controllers", Races.Controllers(race));
        json.WriteStartArray("steps");
        foreach (Step step in played.Steps)
            Write(json, step);
        json.WriteEndArray();
        json.WriteStartArray("flights");
        foreach (Flight flight in played.Flights)
            Write(json, flight);
        json.WriteEndArray();
        json.WriteStartObject("outcome");
        json.WriteNumber("blackHoles", played.Outcome.BlackHoles);
        json.WriteNumber("loops", played.Outcome.Loops);
        json.WriteNumber("pairSeconds", Math.Round(played.Outcome.HoleTime / 1e6, 4));
        if (played.Outcome.RepairTime >= 0)
            json.WriteNumber("repairMs", played.Outcome.RepairTime / 1e3);
        else
            json.WriteNull("repairMs");
        json.WriteNumber("lost", played.Outcome.Lost);
        json.WriteNumber("stale", played.Outcome.Stale);
        json.WriteNumber("refused", played.Outcome.Counts.Refused);
        json.WriteNumber("aborts", played.Outcome.Aborts);
        json.WriteNumber("multicasts", played.Outcome.Multicasts);
        json.WriteNumber("reports", played.Outcome.Counts.Reports);
        json.WriteNumber("commands", played.Outcome.Counts.Commands);
        json.WriteNumber("asks", played.Outcome.Counts.Asks + played.Outcome.Counts.Answers);
        json.WriteEndObject();
    }

    /// <summary>The other end of every port by switch; -1: the host.</summary>
    private static void WriteFabric(Utf8JsonWriter json)
    {
        json.WriteStartArray("ports");
        for (int s = 0; s < Fabric.Switches; s++)
        {
            json.WriteStartArray();
            for (int port = 0; port < Fabric.Ports(s); port++)
                json.WriteNumberValue(Fabric.Peer(s, port));
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("links");
        foreach ((int a, int b) in Fabric.Links)
        {
            json.WriteStartArray();
            json.WriteNumberValue(a);
            json.WriteNumberValue(b);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Step step)
    {
        json.WriteStartObject();
        json.WriteNumber("t", step.Time / 1e3);
        json.WriteNumber("controller", step.Controller);
        json.WriteNumber("switch", step.Switch);
        json.WriteString("text", step.Text);
        json.WriteStartArray("standing");
        foreach (Standing standing in step.Controllers)
#pragma warning disable CA1308 // a word of the format, not a key to compare
            json.WriteStringValue(standing.ToString().ToLowerInvariant());
#pragma warning restore CA1308
        json.WriteEndArray();
        json.WriteNumber("brokenLinks", step.BrokenLinks);
        json.WriteNumber("powered", step.Powered);
        json.WriteStartArray("tables"); // a character by destination: the port, or that there is none
        foreach (byte[] table in step.Tables)
            json.WriteStringValue(string.Create(table.Length, table, static (text, from) =>
            {
                for (int i = 0; i < text.Length; i++)
                    text[i] = from[i] < 10 ? (char)('0' + from[i]) : Drop;
            }));
        json.WriteEndArray();
        json.WriteStartArray("broken");
        foreach ((int from, int to, Passage why) in step.Broken)
        {
            json.WriteStartArray();
            json.WriteNumberValue(from);
            json.WriteNumberValue(to);
            json.WriteStringValue(why == Passage.Loop ? "loop" : "hole");
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Flight flight)
    {
        json.WriteStartArray();
        json.WriteStringValue(flight.Kind switch
        {
            FlightKind.Report => "report",
            FlightKind.Command => "command",
            FlightKind.Multicast => "multicast",
            FlightKind.View => "view",
            _ => throw new ArgumentOutOfRangeException(nameof(flight)),
        });
        json.WriteNumberValue(flight.From);
        json.WriteNumberValue(flight.To);
        json.WriteNumberValue(flight.Sent / 1e3);
        json.WriteNumberValue(flight.Arrival / 1e3);
        json.WriteEndArray();
    }
}
