using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GroupComm.Core;

/// <summary>A rule that must hold at every step was broken: a bug in the protocol or memory gone bad. Never caught to go on; the node leaves.</summary>
internal sealed class InvariantException(string law, string message) : Exception($"{law}: {message}")
{
    /// <summary>The law that the invariant protects.</summary>
    public string Law { get; } = law;
}

/// <summary>Invariants that stay on in release.</summary>
internal static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds([DoesNotReturnIf(false)] bool condition, string law, string message)
    {
        if (!condition)
            Broken(law, message);
    }

    [DoesNotReturn]
    private static void Broken(string law, string message) => throw new InvariantException(law, message);
}
