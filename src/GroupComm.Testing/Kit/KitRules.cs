namespace GroupComm.Testing.Kit;

/// <summary>What is asked of handlers and state providers; docs/testing-your-handlers.md explains each.</summary>
internal static class KitRules
{
    /// <summary>Same messages, same order, same state.</summary>
    public const string Deterministic = "H-1";

    /// <summary>Messages that may be delivered in different orders give the same state in each.</summary>
    public const string Commuting = "H-2";

    /// <summary>Nothing is awaited but virtual time and the group.</summary>
    public const string VirtualTime = "H-3";

    /// <summary>Restore gives the state that capture wrote.</summary>
    public const string Transferable = "H-4";

    /// <summary>The state changes in handlers only.</summary>
    public const string OnlyInHandlers = "H-5";

    /// <summary>Handlers, providers, clients and setup do not throw.</summary>
    public const string NoFailure = "H-6";
}
