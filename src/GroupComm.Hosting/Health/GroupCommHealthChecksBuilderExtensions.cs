using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Hosting;
using GroupComm.Hosting.Health;
using GroupComm.Hosting.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks of the clusters of a host.</summary>
public static class GroupCommHealthChecksBuilderExtensions
{
    /// <summary>Healthy: the node is in a primary view and has joined every registered group. Degraded: a handler failed
    /// lately. Else unhealthy, with the reason. It is a check of readiness; a node that waits for others is alive.</summary>
    /// <param name="builder">From <c>AddHealthChecks()</c>.</param>
    /// <param name="cluster">The name of a registration, empty for the unnamed one. Default: all clusters of the host.</param>
    /// <param name="name">Of the check. Default <c>groupcomm</c>, or <c>groupcomm-</c> and the cluster.</param>
    /// <param name="failureStatus">Instead of unhealthy.</param>
    /// <param name="tags">Default <c>ready</c>.</param>
    public static IHealthChecksBuilder AddGroupComm(
        this IHealthChecksBuilder builder, string? cluster = null, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= string.IsNullOrEmpty(cluster) ? "groupcomm" : $"groupcomm-{cluster}";
        return builder.Add(new HealthCheckRegistration(name, provider => new GroupCommHealthCheck(Hosts(provider, cluster)), failureStatus, tags ?? ["ready"]));
    }

    private static ClusterHost[] Hosts(IServiceProvider provider, string? cluster)
    {
        ClusterRegistration[] registrations = [.. (provider.GetService<HostedClusters>()?.All ?? [])
            .Where(registration => cluster is null || string.Equals(registration.Name, cluster, StringComparison.OrdinalIgnoreCase))];
        if (registrations.Length == 0)
            throw new InvalidOperationException(cluster is null
                ? "there is no cluster to check: call services.AddGroupComm(…) too"
                : $"there is no cluster '{cluster}' to check: call services.AddGroupComm(\"{cluster}\", …) too");
        return [.. registrations.Select(registration => provider.GetRequiredKeyedService<ClusterHost>(registration))];
    }
}
