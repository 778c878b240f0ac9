using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Hosting.Registration;
using GroupComm.Runtime.Node;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace GroupComm.Hosting.Configuration;

/// <summary>Options are what they are without a host, so the node's own check judges them; what only a host has, keys and
/// texts of a configuration, is judged here.</summary>
internal sealed class OptionsCheck(ClusterRegistration cluster, HostedClusters all, IConfiguration? host) : IValidateOptions<GroupCommOptions>
{
    public ValidateOptionsResult Validate(string? name, GroupCommOptions options)
    {
        if (name != cluster.Name)
            return ValidateOptionsResult.Skip;
        List<string> mistakes = [];
        if (cluster.SectionOf(host) is { } section)
        {
            SectionReader reader = new(section);
            reader.ReadInto(new GroupCommOptions(), new GroupCommHostingOptions());
            // Inside the section of the unnamed cluster stand those of the named ones.
            HashSet<string> others = new(cluster.Name.Length == 0 ? all.All.Select(other => other.Name) : [], StringComparer.OrdinalIgnoreCase);
            mistakes.AddRange(reader.Mistakes.Where(mistake => !others.Contains(mistake.Key)).Select(mistake => mistake.Text));
        }
        try
        {
            _ = new NodePlan(options);
        }
        catch (JoinException mistake)
        {
            mistakes.Add(mistake.Message);
        }
        return mistakes.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(mistakes.Select(mistake => $"{cluster.Title}: {mistake}"));
    }
}

/// <summary>The few options of the host.</summary>
internal sealed class HostingOptionsCheck(ClusterRegistration cluster) : IValidateOptions<GroupCommHostingOptions>
{
    public ValidateOptionsResult Validate(string? name, GroupCommHostingOptions options) =>
        name != cluster.Name ? ValidateOptionsResult.Skip
        : options.HandlerFailureWindow >= TimeSpan.Zero && options.HandlerFailureWindow <= TimeSpan.FromDays(1) ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{cluster.Title}: HandlerFailureWindow is {options.HandlerFailureWindow}: 0 (never degraded) to 24 h");
}
