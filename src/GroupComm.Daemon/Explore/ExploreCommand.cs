using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using GroupComm.Core;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Exploring;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Explore;

/// <summary><c>groupcomm explore</c>: every order of events in a small scope.</summary>
internal static class ExploreCommand
{
    public static Command Create()
    {
        var depth = new Option<int>("--depth") { Description = "Steps of a path, at most.", HelpName = "N", DefaultValueFactory = _ => 200 };
        var states = new Option<long>("--states") { Description = "States, at most.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<int>("--seconds") { Description = "Time, at most; 0: none.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var crashes = new Option<int>("--crashes") { Description = "Crashes, 0 to 2.", HelpName = "N", DefaultValueFactory = _ => 2 };
        var joiners = new Option<int>("--joiners") { Description = "Joiners, 0 or 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var suspicions = new Option<int>("--suspicions") { Description = "False suspicions, 0 to 3.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var messages = new Option<string>("--messages") { Description = "Orders of the messages that may be sent, by commas, up to 4; '-': none.", HelpName = "a,b", DefaultValueFactory = _ => "agreed,safe" };
        var mutant = new Option<string>("--mutant") { Description = "Breaks one rule of the protocol on purpose.", HelpName = "NAME", DefaultValueFactory = _ => "none" };
        var shuffle = new Option<int>("--shuffle") { Description = "Takes the steps of each state in another order; 0: in the fixed one.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "Keeps a search that ends early, and goes on with it.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts." };
        var command = new ExampledCommand("explore",
            "Searches every order of arrivals, crashes, messages and a false suspicion of three real cores and a joiner. A violation names the law and its steps, and exits 1.",
            "groupcomm explore --states 200000", "groupcomm explore --states 10000000 --checkpoint search.bin", "groupcomm explore --mutant no-majority")
        {
            depth, states, seconds, crashes, joiners, suspicions, messages, mutant, shuffle, checkpoint, json,
        };
        command.SetAction(parsed =>
        {
            if (!Mutants.TryFind(parsed.GetRequiredValue(mutant), out ProtocolRules rules))
                throw new UsageException($"--mutant '{parsed.GetValue(mutant)}' is unknown: 'groupcomm simulate --list-mutants' lists them");
            string text = parsed.GetRequiredValue(messages);
            DeliveryOrder[] orders = text == "-" ? [] : Array.ConvertAll(text.Split(','), Orders.Parse);
            if (orders.Length > 4)
                throw new UsageException("--messages takes up to 4");
            var plan = new ExplorePlan
            {
                Depth = InRange(parsed.GetValue(depth), "--depth", 1, 1000),
                States = parsed.GetValue(states) is > 0 and long most ? most : throw new UsageException("--states is out of range: 1 or more"),
                Time = parsed.GetValue(seconds) is 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(InRange(parsed.GetValue(seconds), "--seconds", 0, 1_000_000)),
                Crashes = InRange(parsed.GetValue(crashes), "--crashes", 0, 2),
                Joiners = InRange(parsed.GetValue(joiners), "--joiners", 0, 1),
                Suspicions = InRange(parsed.GetValue(suspicions), "--suspicions", 0, 3),
                Messages = orders,
                Rules = rules,
                Shuffle = (ulong)InRange(parsed.GetValue(shuffle), "--shuffle", 0, int.MaxValue),
            };
            InvocationConfiguration to = parsed.InvocationConfiguration;
            return Run(plan, parsed.GetValue(checkpoint), parsed.GetValue(json), to.Output, to.Error);
        });
        return command;
    }

    private static int Run(ExplorePlan plan, string? checkpoint, bool json, TextWriter output, TextWriter error)
    {
        ExploreResult result;
        try
        {
            result = new Explorer(plan).Run(checkpoint);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new UsageException(e.Message);
        }
        double perSecond = result.Steps / Math.Max(result.Seconds, 0.001);
        if (json)
            Json.Write(output, w =>
            {
                w.WriteNumber("states", result.States);
                w.WriteNumber("steps", result.Steps);
                w.WriteNumber("ends", result.Ends);
                w.WriteNumber("cutOff", result.CutOff);
                w.WriteNumber("deepest", result.Deepest);
                w.WriteBoolean("complete", result.Complete);
                w.WriteNumber("statesPerSecond", Math.Round(result.States / Math.Max(result.Seconds, 0.001), 1));
                w.WriteString("mutant", plan.Rules.Name);
                w.WriteString("law", result.Law);
            });
        else
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.States:N0} states, {result.Steps:N0} steps in {result.Seconds:0.0} s ({result.States / Math.Max(result.Seconds, 0.001):N0} states/s, {perSecond:N0} steps/s), {result.Ends:N0} ends, deepest {result.Deepest}{(result.CutOff > 0 ? $", {result.CutOff:N0} paths cut off" : "")}: {(result.Complete ? "everything in this scope" : "a part of this scope")}"));
        if (result.Law is null)
        {
            if (!json)
                output.WriteLine("OK: no safety law was violated");
            return Exit.Ok;
        }
        TextWriter where = json ? error : output;
        where.WriteLine($"violates {result.Law} after {result.Path.Count} steps from rest in view 1:");
        for (int i = 0; i < result.Path.Count; i++)
            where.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1,4}  {result.Path[i]}"));
        where.WriteLine(result.Text);
        return Exit.Violation;
    }

    private static int InRange(int value, string option, int low, int high) =>
        value >= low && value <= high ? value : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} is out of range: {low} to {high}"));
}
