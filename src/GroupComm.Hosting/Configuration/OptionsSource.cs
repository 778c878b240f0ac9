using System;
using GroupComm.Hosting.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GroupComm.Hosting.Configuration;

/// <summary>Where the options of a cluster come from. Mistakes are not thrown here but found again by the check, which names
/// all of them when the host starts.</summary>
internal static class OptionsSource
{
    public static void Read(ClusterRegistration cluster, IServiceProvider provider, object options)
    {
        if (cluster.SectionOf(provider.GetService<IConfiguration>()) is { } section)
            new SectionReader(section).ReadInto(options);
    }

    /// <summary>What nobody set and the container knows.</summary>
    public static void Complete(ClusterRegistration cluster, IServiceProvider provider, GroupCommOptions options) => options.Serializer ??=
        (cluster.Name.Length > 0 ? provider.GetKeyedService<IMessageSerializer>(cluster.Name) : null) ?? provider.GetService<IMessageSerializer>();
}
