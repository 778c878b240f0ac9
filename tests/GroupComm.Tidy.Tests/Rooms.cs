using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace GroupComm.Tidy.Tests;

/// <summary>
/// The table "Rooms and arrows" of docs/architecture.md: which project may reference which.
/// </summary>
internal static class Rooms
{
    private static readonly Dictionary<string, string[]> s_arrows = new(StringComparer.Ordinal)
    {
        ["GroupComm.Abstractions"] = [],
        ["GroupComm.Core"] = ["GroupComm.Abstractions"],
        ["GroupComm.Wire"] = ["GroupComm.Core"],
        ["GroupComm.Transport.Tcp"] = ["GroupComm.Abstractions"],
        ["GroupComm.Runtime"] = ["GroupComm.Wire", "GroupComm.Core", "GroupComm.Transport.Tcp"],
        ["GroupComm.Hosting"] = ["GroupComm.Runtime"],
        ["GroupComm.Recipes"] = ["GroupComm.Abstractions"],
        ["GroupComm.Client"] = ["GroupComm.Abstractions"],
        ["GroupComm.Testing"] = ["GroupComm.Runtime", "GroupComm.Wire", "GroupComm.Core"],
        ["GroupComm.Daemon"] = ["GroupComm.Hosting", "GroupComm.Testing", "GroupComm.Recipes"],
        ["GroupComm.Testcontainers"] = ["GroupComm.Testing"],
        ["GroupComm.Analyzers"] = [],
        ["GroupComm.SignalR"] = ["GroupComm.Recipes", "GroupComm.Abstractions"],
        ["GroupComm.Caching"] = ["GroupComm.Recipes", "GroupComm.Abstractions"],
        // Compiles the README's example, which is written against the package that users install.
        ["GroupComm.Tidy.Tests"] = ["GroupComm.Runtime"],
        ["GroupComm.Analyzers.Tests"] = ["GroupComm.Analyzers", "GroupComm.Abstractions"],
        // Packs whatever src holds; compiles against none of it.
        ["GroupComm.Packages.Tests"] = ["*"],
        // Named after what it needs, not after a room.
        ["GroupComm.Containers.Tests"] = ["GroupComm.Testcontainers", "GroupComm.Testing"],
        ["GroupComm.Page.Tests"] = ["GroupComm.Daemon"],
        // Runs the daemon; compiles against none of it.
        ["GroupComm.Interop.Tests"] = ["GroupComm.Daemon", "GroupComm.Client.Puppet"],
        ["GroupComm.Client.Puppet"] = ["GroupComm.Client"],
        // Samples are written against the packages that users install.
        ["HelloGroup"] = ["GroupComm.Runtime"],
        ["ReplicatedDictionary"] = ["GroupComm.Runtime"],
        ["QueryWithDepartures"] = ["GroupComm.Runtime"],
        ["WorkerService"] = ["GroupComm.Hosting"],
        ["SimulatedHandlers"] = ["GroupComm.Testing"],
        ["WorkerInContainers"] = ["GroupComm.Testcontainers"],
        ["ClientChat"] = ["GroupComm.Client"],
        ["ClientCounter"] = ["GroupComm.Client"],
        ["GroupComm.Samples.Tests"] = ["GroupComm.Daemon", "ClientChat", "ClientCounter", "HelloGroup", "ReplicatedDictionary", "QueryWithDepartures", "WorkerService", "SimulatedHandlers"],
        // Every decoder, wherever it is.
        ["GroupComm.Fuzz.Tests"] = ["GroupComm.Daemon"],
        // Measures the parts of the data path, each alone.
        ["GroupComm.Benchmarks.Tests"] = ["GroupComm.Runtime", "GroupComm.Wire", "GroupComm.Core"],
        // One contract for both transports: the in-memory one lives in the runtime.
        ["GroupComm.Transport.Tests"] = ["GroupComm.Transport.Tcp", "GroupComm.Runtime"],
    };

    private static readonly string[] s_withoutPackages = ["GroupComm.Abstractions", "GroupComm.Core"];

    public static IEnumerable<Finding> Check(string path, string text)
    {
        string room = Path.GetFileNameWithoutExtension(path);
        XDocument project = XDocument.Parse(text);
        foreach (string target in Includes(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension)!)
            if (!IsAllowed(room, target))
                yield return new Finding(path, 0, $"the arrow {room} -> {target} is not in docs/architecture.md");
        if (s_withoutPackages.Contains(room, StringComparer.Ordinal))
            foreach (string package in Includes(project, "PackageReference").Concat(Includes(project, "FrameworkReference")))
                yield return new Finding(path, 0, $"{room} uses no package, but references {package}");
    }

    private static bool IsAllowed(string room, string target)
    {
        if (s_arrows.TryGetValue(room, out string[]? allowed))
            return allowed.Contains(target, StringComparer.Ordinal);
        // A test project uses the room after which it is named, and the kit.
        const string Suffix = ".Tests";
        if (!room.EndsWith(Suffix, StringComparison.Ordinal))
            return false;
        string tested = room[..^Suffix.Length];
        return target == tested || target.StartsWith(tested + ".", StringComparison.Ordinal) || target == "GroupComm.Testing";
    }

    private static IEnumerable<string> Includes(XDocument project, string kind) => project.Descendants()
        .Where(element => element.Name.LocalName == kind)
        .Select(element => ((string?)element.Attribute("Include") ?? "").Replace('\\', '/'))
        .Where(include => include.Length > 0);
}
