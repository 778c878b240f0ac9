using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Node;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GroupComm.Hosting.Health;

/// <summary>
/// Ready: in a primary view, and a member of every registered group. Else unhealthy, with the reason and what the join doctor
/// found. Degraded while a handler failed lately: the node works, what it is used for may not.
/// </summary>
internal sealed class GroupCommHealthCheck(IReadOnlyList<ClusterHost> hosts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SortedDictionary<string, object> data = new(StringComparer.Ordinal);
        List<string> unhealthy = [], degraded = [];
        foreach (ClusterHost host in hosts)
        {
            string prefix = hosts.Count > 1 ? $"{host.Title}: " : "";
            unhealthy.AddRange(Missing(host, prefix, data).Select(reason => prefix + reason));
            if (host.Node.Health?.RecentHandlerFailure(host.Options.HandlerFailureWindow) is { } failure)
                degraded.Add($"{prefix}{failure}");
        }
        string reasons = string.Join("; ", unhealthy.Concat(degraded));
        return Task.FromResult(unhealthy.Count > 0 ? new HealthCheckResult(context.Registration.FailureStatus, reasons, null, data)
            : degraded.Count > 0 ? HealthCheckResult.Degraded(reasons, null, data)
            : HealthCheckResult.Healthy("in a primary view, all groups joined", data));
    }

    private static IEnumerable<string> Missing(ClusterHost host, string prefix, SortedDictionary<string, object> data)
    {
        HostedNode node = host.Node;
        if (node.View is { } view)
        {
            data[$"{prefix}node"] = node.Id.ToString();
            data[$"{prefix}view"] = string.Create(CultureInfo.InvariantCulture, $"{view.Id}: {string.Join(", ", view.Members.Select(member => member.Id))}");
        }
        if (node.Health is { HandlerFailures: > 0 } health)
            data[$"{prefix}handlerFailures"] = health.HandlerFailures;
        IReadOnlyList<JoinObstacle> obstacles = node.Health?.Obstacles ?? [];
        for (int i = 0; i < obstacles.Count; i++)
            data[string.Create(CultureInfo.InvariantCulture, $"{prefix}obstacle.{i + 1}")] = obstacles[i].ToString();
        if (!node.IsPrimary)
        {
            yield return node.Waiting ?? "not in a primary view";
            yield break; // no group can be joined without
        }
        foreach (HostedGroup group in host.Groups.Where(group => !group.IsUnwanted && group.Status != GroupStatus.Active))
            yield return group.Joined.Exception?.InnerException is { } failure
                ? $"group '{group.Name}' was not joined: {failure.Message}"
                : group.Status == GroupStatus.Left ? $"the member has left group '{group.Name}' unasked: a handler failed, or it did not consume"
                : $"group '{group.Name}': {(group.Status == GroupStatus.Joining ? "still joining" : group.Status.ToString())}";
    }
}
