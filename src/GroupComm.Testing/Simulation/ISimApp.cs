using System;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

/// <summary>The application on a simulated cluster, in place of the built-in clients and members. Whatever it does to a node it
/// does inside <see cref="Run"/> or <see cref="RunClient"/>; elsewhere it only notes what it was told.</summary>
internal interface ISimApp
{
    /// <summary>A schedule begins.</summary>
    void Begin(SimCluster cluster);

    /// <summary>A life began: of a new process, or of the one that had the life before.</summary>
    void Started(SimNode node, bool sameProcess);

    /// <summary>How a member of the life before is joined again.</summary>
    GroupChange JoinChange(SimNode node, string group, int slot);

    /// <summary>The core wants this; it is carried out right after. Group views come by <see cref="GroupView"/>.</summary>
    void Carries(SimNode node, in Effect effect);

    /// <summary>A group view is installed; captures at it came before.</summary>
    void GroupView(SimNode node, InstalledGroupView installed);

    /// <summary>Capture for this joiner at this point, then <see cref="SimCluster.SendState"/>.</summary>
    void Capture(SimNode node, SimTransfer transfer);

    /// <summary>A state has arrived: restore it, then <see cref="SimCluster.EndRestore"/>.</summary>
    void Restore(SimNode node, SimTransfer transfer);

    /// <summary>What <see cref="SimCluster.Later"/> was given is due.</summary>
    void Run(SimNode node, object work);

    /// <summary>A turn of the node's client.</summary>
    void RunClient(SimNode node);

    /// <summary>Something is still to be handled there.</summary>
    bool IsBusy(SimNode node);

    /// <summary>The schedule is over. Throws <see cref="SimAppException"/> when the application is at fault.</summary>
    void End();
}

/// <summary>The application broke what is asked of it.</summary>
internal sealed class SimAppException(string law, string text) : Exception(text)
{
    public string Law { get; } = law;
}
