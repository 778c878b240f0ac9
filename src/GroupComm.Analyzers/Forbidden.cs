using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace GroupComm.Analyzers;

/// <summary>Which members of the framework give another answer at every replica.</summary>
internal static class Forbidden
{
    private static readonly HashSet<string> ClockMembers = new(StringComparer.Ordinal)
    {
        "System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTime.Today",
        "System.DateTimeOffset.Now", "System.DateTimeOffset.UtcNow",
        "System.Environment.TickCount", "System.Environment.TickCount64",
        "System.TimeProvider.GetUtcNow", "System.TimeProvider.GetLocalNow", "System.TimeProvider.GetTimestamp",
    };

    private static readonly HashSet<string> RandomMembers = new(StringComparer.Ordinal)
    {
        "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.IO.Path.GetRandomFileName", "System.IO.Path.GetTempFileName",
    };

    private static readonly HashSet<string> RandomTypes = new(StringComparer.Ordinal)
    {
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator",
    };

    private static readonly HashSet<string> OutsideMembers = new(StringComparer.Ordinal)
    {
        "System.Environment.MachineName", "System.Environment.ProcessId", "System.Environment.UserName",
        "System.Environment.GetEnvironmentVariable", "System.Environment.GetEnvironmentVariables", "System.Environment.CurrentDirectory",
        "System.Environment.ProcessorCount", "System.Environment.CurrentManagedThreadId",
        "System.Console.ReadLine", "System.Console.ReadKey", "System.Console.Read",
    };

    private static readonly HashSet<string> OutsideTypes = new(StringComparer.Ordinal)
    {
        "System.IO.File", "System.IO.Directory", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.FileStream",
        "System.IO.StreamReader", "System.IO.StreamWriter",
        "System.Net.Http.HttpClient", "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.UdpClient",
        "System.Net.Dns", "System.Diagnostics.Process", "System.Data.Common.DbCommand", "System.Data.Common.DbConnection",
    };

    private static readonly HashSet<string> ParallelMembers = new(StringComparer.Ordinal)
    {
        "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.TaskFactory.StartNew",
        "System.Threading.ThreadPool.QueueUserWorkItem", "System.Threading.ThreadPool.UnsafeQueueUserWorkItem", "System.Threading.Thread.Start",
        "System.Linq.ParallelEnumerable.AsParallel",
    };

    /// <summary>The rule that a use of <paramref name="member"/> breaks; null when it is harmless.</summary>
    public static DiagnosticDescriptor? Rule(ISymbol member)
    {
        if (member.ContainingType is not { } type)
            return null;
        string typeName = Name(type), name = $"{typeName}.{member.Name}";
        if (ClockMembers.Contains(name) || typeName == "System.Diagnostics.Stopwatch")
            return Rules.Clock;
        if (RandomMembers.Contains(name) || RandomTypes.Contains(typeName))
            return Rules.Random;
        if (OutsideMembers.Contains(name) || Has(OutsideTypes, type))
            return Rules.Outside;
        if (ParallelMembers.Contains(name) || typeName == "System.Threading.Tasks.Parallel")
            return Rules.Parallel;
        return IsRandomisedHash(member, type, typeName) ? Rules.HashCode : null;
    }

    /// <summary>Strings, and whatever inherits the identity of an object, have another hash code in every process.</summary>
    private static bool IsRandomisedHash(ISymbol member, INamedTypeSymbol type, string typeName) =>
        typeName == "System.HashCode"
        || (member.Name == "GetHashCode"
            && (typeName == "System.Runtime.CompilerServices.RuntimeHelpers" || type.SpecialType is SpecialType.System_String or SpecialType.System_Object));

    private static bool Has(HashSet<string> names, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
            if (names.Contains(Name(at)))
                return true;
        return false;
    }

    public static string Name(ITypeSymbol type) => type.ContainingNamespace is { IsGlobalNamespace: false } space
        ? $"{space.ToDisplayString()}.{type.MetadataName}"
        : type.MetadataName;
}
