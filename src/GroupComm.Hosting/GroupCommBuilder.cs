using System;
using GroupComm.Hosting;
using GroupComm.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace GroupComm;

/// <summary>One cluster of a host, and the groups that the host joins in it.</summary>
public sealed class GroupCommBuilder
{
    private readonly HostedClusters _all;
    private readonly ClusterRegistration _cluster;

    internal GroupCommBuilder(IServiceCollection services, HostedClusters all, ClusterRegistration cluster) =>
        (Services, _all, _cluster) = (services, all, cluster);

    /// <summary>Where it is registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The registration's name; empty for the unnamed one.</summary>
    public string Name => _cluster.Name;

    /// <summary>Changes the options after the configuration was read; later calls see what earlier ones did.</summary>
    public GroupCommBuilder Configure(Action<GroupCommOptions> configure)
    {
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>Changes the options of the host; later calls see what earlier ones did.</summary>
    public GroupCommBuilder ConfigureHosting(Action<GroupCommHostingOptions> configure)
    {
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>The host joins this group when it starts; the application takes <c>[FromKeyedServices(key)] IGroup</c>.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="configure">What the member does with what it is told.</param>
    /// <param name="key">The key of the <see cref="IGroup"/>. Default: the group's name.</param>
    /// <exception cref="InvalidOperationException">The key is taken, or a registration contradicts another.</exception>
    public GroupCommBuilder AddGroup(string group, Action<GroupServiceBuilder> configure, string? key = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(configure);
        key ??= group;
        if (!_all.GroupKeys.Add(key))
            throw new InvalidOperationException($"a group is registered under the key '{key}' already; give this one another: AddGroup(\"{group}\", g => …, key: \"…\")");
        GroupServiceBuilder builder = new(Services, group);
        configure(builder);
        GroupRegistration registration = builder.Build();
        _cluster.Groups.Add(registration);
        Services.AddKeyedSingleton<IGroup>(key, (provider, _) => provider.GetRequiredKeyedService<ClusterHost>(_cluster).Find(registration));
        return this;
    }
}
