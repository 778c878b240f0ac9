using System.Collections.Generic;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Floodlight.Script;

/// <summary>Where a race is played: in the simulator, or with processes of this machine. Times are microseconds of the race; a
/// stage may play them slower.</summary>
internal interface IStage
{
    /// <summary>Draws of the race: the same from a seed, wherever it is played.</summary>
    SimRandom Random { get; }

    Network Network { get; }

    Judge Judge { get; }

    /// <summary>Controllers that live.</summary>
    IEnumerable<IPlayer> Players { get; }

    /// <summary>The one that leads the latest view.</summary>
    IPlayer? Master { get; }

    /// <summary>Here a closed connection is noticed before anything else can happen: a master dies with its machine, in silence.</summary>
    bool OnlySilence { get; }

    void Run(long time);

    /// <summary>For people who watch.</summary>
    void Tell(string text);

    /// <summary>A link breaks or is mended; its ends report to everybody, or over the connection to the master alone.</summary>
    void SetLink(int link, bool broken, bool onlyToMaster = false);

    /// <summary>A switch comes up with the table that it had at some time, and connects to every controller.</summary>
    void PowerOn(int number, byte[] oldTable);

    /// <summary>The process is gone; its machine says so.</summary>
    void Crash(IPlayer player);

    /// <summary>The machine is gone: nobody says anything.</summary>
    void CrashMachine(IPlayer player);

    void Pause(IPlayer player);

    void Resume(IPlayer player);

    /// <summary>A process of the same name, which knows nothing.</summary>
    void StartAgain(IPlayer player);

    void Leave(IPlayer player);
}

/// <summary>A controller, as a race sees it.</summary>
internal interface IPlayer
{
    string Name { get; }

    /// <summary>Members of its view of the cluster; 0: none yet.</summary>
    int ViewSize { get; }

    /// <summary>It is the first member of the latest view.</summary>
    bool Leads { get; }

    /// <summary>It is a member of the controllers' group.</summary>
    bool HasJoined { get; }
}
