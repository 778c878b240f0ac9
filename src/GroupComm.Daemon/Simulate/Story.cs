using System;
using System.Globalization;
using System.IO;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Simulate;

/// <summary>One schedule in words, and how it ends.</summary>
internal static class Story
{
    public static SimViolation? Tell(SimulationPlan plan, ulong seed, TextWriter to)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {plan.MinNodes} to {plan.MaxNodes} nodes, mutant {plan.Rules.Name}; times in milliseconds"));
        var cluster = new SimCluster
        {
            Story = (time, text) => to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time / 1000.0,12:0.000}  {text}")),
        };
        SimViolation? violation;
        try
        {
            violation = cluster.Run(seed, plan.Rules, plan.MinNodes, plan.MaxNodes, [.. plan.Faults]);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or NullReferenceException or InvalidOperationException or ArgumentException)
        {
            violation = new SimViolation(seed, "VS-9", $"the core failed: {e}");
        }
        to.WriteLine(violation is null
            ? string.Create(CultureInfo.InvariantCulture, $"seed {seed} violates nothing: {cluster.Messages:N0} messages, {cluster.Views:N0} views installed")
            : Ending(violation));
        return violation;
    }

    /// <summary>Seed, law, and what happened; the explanation may begin with the law already.</summary>
    public static string Ending(SimViolation violation)
    {
        string law = violation.Law + ": ";
        string text = violation.Text.StartsWith(law, StringComparison.Ordinal) ? violation.Text[law.Length..] : violation.Text;
        return string.Create(CultureInfo.InvariantCulture, $"seed {violation.Seed} violates {law}{text}");
    }
}
