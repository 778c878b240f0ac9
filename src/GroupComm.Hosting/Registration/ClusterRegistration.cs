using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Configuration;

namespace GroupComm.Hosting.Registration;

/// <summary>One AddGroupComm of a host. Serves as the key of what belongs to it.</summary>
internal sealed class ClusterRegistration(string name, IConfiguration? configuration)
{
    public const string Section = "GroupComm";

    public string Name => name;

    /// <summary>For people.</summary>
    public string Title => name.Length == 0 ? "GroupComm" : $"GroupComm '{name}'";

    public List<GroupRegistration> Groups { get; } = [];

    /// <summary>Where its options stand: what was passed if that is a section, else <c>GroupComm</c> or <c>GroupComm:name</c>;
    /// null without any configuration.</summary>
    public IConfigurationSection? SectionOf(IConfiguration? host)
    {
        if (configuration is IConfigurationSection section)
            return section;
        return (configuration ?? host)?.GetSection(name.Length == 0 ? Section : $"{Section}:{name}");
    }
}

/// <summary>All of them: what one registration must know of the others.</summary>
internal sealed class HostedClusters
{
    public List<ClusterRegistration> All { get; } = [];

    public HashSet<string> GroupKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds one, or says what to do instead.</summary>
    public ClusterRegistration Add(string name, IConfiguration? configuration)
    {
        if (name.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is no name for a registration: it is a key of the configuration, so it has no colon", nameof(name));
        if (All.Any(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException(name.Length == 0
                ? "AddGroupComm was called before in this host; a second cluster needs a name: AddGroupComm(\"orders\", o => …)"
                : $"AddGroupComm(\"{name}\") was called before in this host; give the second cluster another name");
        ClusterRegistration registration = new(name, configuration);
        All.Add(registration);
        return registration;
    }
}
