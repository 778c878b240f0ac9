using System;
using System.Linq;
using GroupComm;
using GroupComm.Hosting;
using GroupComm.Hosting.Configuration;
using GroupComm.Hosting.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds clusters to a host.</summary>
public static class GroupCommServiceCollectionExtensions
{
    /// <summary>Adds the host's cluster. Options come from the section <c>GroupComm</c> of the host's configuration
    /// (<c>GroupComm:Key</c>, <c>GROUPCOMM__Key</c>); code has the last word.</summary>
    /// <exception cref="InvalidOperationException">There is one already: a second needs a name.</exception>
    public static GroupCommBuilder AddGroupComm(this IServiceCollection services, Action<GroupCommOptions>? configure = null) =>
        Add(services, "", null, configure);

    /// <summary>Adds the host's cluster with options from <paramref name="configuration"/>: a section, or a root with the
    /// section <c>GroupComm</c>.</summary>
    /// <exception cref="InvalidOperationException">There is one already: a second needs a name.</exception>
    public static GroupCommBuilder AddGroupComm(this IServiceCollection services, IConfiguration configuration, Action<GroupCommOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, "", configuration, configure);
    }

    /// <summary>Adds one of several clusters. Options come from the section <c>GroupComm:name</c> of the host's configuration;
    /// code has the last word. Its node is <c>[FromKeyedServices(name)] IGroupCommNode</c>.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static GroupCommBuilder AddGroupComm(this IServiceCollection services, string name, Action<GroupCommOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Add(services, name, null, configure);
    }

    /// <summary>Adds one of several clusters with options from <paramref name="configuration"/>: a section, or a root with the
    /// section <c>GroupComm:name</c>.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static GroupCommBuilder AddGroupComm(this IServiceCollection services, string name, IConfiguration configuration, Action<GroupCommOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    private static GroupCommBuilder Add(IServiceCollection services, string name, IConfiguration? configuration, Action<GroupCommOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        HostedClusters all = services.Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<HostedClusters>().FirstOrDefault()
            ?? AddFirst(services);
        ClusterRegistration cluster = all.Add(name, configuration);

        services.AddOptions<GroupCommOptions>(name)
            .Configure<IServiceProvider>((options, provider) => OptionsSource.Read(cluster, provider, options))
            .PostConfigure<IServiceProvider>((options, provider) => OptionsSource.Complete(cluster, provider, options))
            .ValidateOnStart();
        services.AddOptions<GroupCommHostingOptions>(name)
            .Configure<IServiceProvider>((options, provider) => OptionsSource.Read(cluster, provider, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<GroupCommOptions>>(provider => new OptionsCheck(cluster, all, provider.GetService<IConfiguration>()));
        services.AddSingleton<IValidateOptions<GroupCommHostingOptions>>(new HostingOptionsCheck(cluster));
        if (configure is not null)
            services.Configure(name, configure);

        services.AddKeyedSingleton(cluster, (provider, _) => new ClusterHost(cluster, provider));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ClusterHost>(cluster));
        if (name.Length == 0)
            services.AddSingleton<IGroupCommNode>(provider => provider.GetRequiredKeyedService<ClusterHost>(cluster).Node);
        else
            services.AddKeyedSingleton<IGroupCommNode>(name, (provider, _) => provider.GetRequiredKeyedService<ClusterHost>(cluster).Node);
        return new GroupCommBuilder(services, all, cluster);
    }

    private static HostedClusters AddFirst(IServiceCollection services)
    {
        HostedClusters all = new();
        services.AddSingleton(all);
        return all;
    }
}
