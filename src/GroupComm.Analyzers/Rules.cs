using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GroupComm.Analyzers;

/// <summary>What is warned of. Every text says what would differ between replicas, and what to do instead.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor Clock = Rule(
        "GC0001", "A clock is read in a replicated handler",
        "'{0}' differs between replicas: let the sender put the time into the message ({1})");

    public static readonly DiagnosticDescriptor Random = Rule(
        "GC0002", "A random number or identifier is drawn in a replicated handler",
        "'{0}' differs between replicas: let the sender draw it and put it into the message, or derive it from the message's id ({1})");

    public static readonly DiagnosticDescriptor HashOrder = Rule(
        "GC0003", "A hash table is enumerated in a replicated handler",
        "The order of '{0}' differs between replicas: sort what is enumerated, or use a sorted collection ({1})");

    public static readonly DiagnosticDescriptor HashCode = Rule(
        "GC0004", "A hash code that differs between processes is used in a replicated handler",
        "'{0}' differs between processes: use a hash of the bytes, such as XxHash64 ({1})");

    public static readonly DiagnosticDescriptor Outside = Rule(
        "GC0005", "Input, output or the environment is used in a replicated handler",
        "'{0}' reads or changes what is outside the replicated state, once per replica: let one member do it, fenced by the view's token ({1})");

    public static readonly DiagnosticDescriptor Parallel = Rule(
        "GC0006", "Work is started in parallel in a replicated handler",
        "'{0}' ends in an order that differs between replicas: do it in the handler itself, or give Register a conflict key ({1})");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(Clock, Random, HashOrder, HashCode, Outside, Parallel);

    private static DiagnosticDescriptor Rule(string id, string title, string text) => new(
        id, title, text, "Determinism", DiagnosticSeverity.Warning, isEnabledByDefault: true,
        description: "Handlers of agreed and safe messages run at every replica. If they do not do the same everywhere, the replicas' states part.");
}
