using System;
using System.Linq;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Demo;

/// <summary>How processes that all listen on free ports find each other: the first one's address is the others' seed.</summary>
internal static class StartUp
{
    public static async Task MeetAsync(Troupe troupe, TimeSpan limit)
    {
        Actor first = troupe.Actors[0];
        first.Process.Tell("start", "");
        await troupe.UntilAsync(() => first.Address is not null, $"{first.Name} listens", limit).ConfigureAwait(false);
        foreach (Actor actor in troupe.Actors.Skip(1))
            actor.Process.Tell("start", first.Address!);
        await troupe.UntilAsync(() => troupe.Actors.All(actor => actor.Joined), "all nodes have met and joined the group", limit).ConfigureAwait(false);
    }
}
