using System;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>A replica, as its process made it.</summary>
public sealed class SimulatedReplica
{
    /// <param name="group">What <see cref="IGroupCommNode.JoinAsync"/> gave on the simulated node.</param>
    /// <param name="digest">The replicated state as text: equal states, equal texts. Called after every message, so that it should be
    /// short work; changes nothing. Whatever it leaves out is not compared.</param>
    /// <param name="client">What the process does from time to time: usually sends a message. Draw from the given
    /// <see cref="Random"/>, so that a seed says everything. Not called again before it has ended; a
    /// <see cref="GroupCommException"/> is expected under faults and passed over.</param>
    public SimulatedReplica(IGroup group, Func<string> digest, Func<Random, Task>? client = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(digest);
        (Group, Digest, Client) = (group, digest, client);
    }

    /// <summary>Its membership.</summary>
    public IGroup Group { get; }

    /// <summary>The replicated state as text.</summary>
    public Func<string> Digest { get; }

    /// <summary>What the process does from time to time; null: nothing.</summary>
    public Func<Random, Task>? Client { get; }
}
