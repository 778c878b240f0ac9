using System;
using System.Linq;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Floodlight.Script;

/// <summary>The seven races as scripts: what happens is fixed, when it happens is drawn.</summary>
internal static class Races
{
    // The longest that anybody waits for a promotion or a join; silence is noticed after about 0.25 s.
    private const long Patience = 1_500_000;
    private const long Step = 200;

    /// <summary>Of three members one may fail, for a majority has to be left; in D two fail.</summary>
    public static int Controllers(Race race) => race == Race.D ? 4 : 3;

    /// <summary>By its letter; null: there is none of that name.</summary>
    public static Race? Find(string letter) => letter.Length == 1 && char.IsAsciiLetter(letter[0]) && Enum.TryParse(letter, ignoreCase: true, out Race race) ? race : null;

    public static string Describe(Race race) => race switch
    {
        Race.A => "a link fails just after the master died, before a replica is promoted",
        Race.B => "a switch with old tables connects in that window",
        Race.C => "a link goes down and up, the master dies in between",
        Race.D => "as A, and the promoted one dies too (four controllers)",
        Race.E => "the report reached only the dying master",
        Race.F => "the master is paused, wakes and writes",
        Race.G => "as A, while a replica joins, which then takes over",
        _ => throw new ArgumentOutOfRangeException(nameof(race)),
    };

    /// <summary>How the network is before switches connect.</summary>
    public static void Prepare(Race race, Network network, SimRandom random)
    {
        if (race == Race.B)
            network.SetPower(random.Below(Fabric.Switches), on: false);
        if (race == Race.C)
            network.SetLink(LinkOf(OddSwitch(random), 0), broken: true);
    }

    /// <summary>Plays it; answers why it cannot be played, or null.</summary>
    public static string? Play(Race race, IStage stage)
    {
        if (stage.Master is not { } master)
            return "there is no master";
        SimRandom random = stage.Random;
        int link = random.Below(Fabric.Links.Count);
        switch (race)
        {
            case Race.A:
                Die(stage, master);
                stage.SetLink(link, broken: true);
                return null;
            case Race.B:
                int off = Array.FindIndex(stage.Network.Switches, static each => !each.Powered);
                Die(stage, master);
                stage.PowerOn(off, Garbage(random));
                return null;
            case Race.C:
                int alone = Array.FindIndex(stage.Network.Switches, each => each.Number % 2 == 1 && Enumerable.Range(0, 2).Any(side => IsBroken(each.Number, side)));
                int last = LinkOf(alone, stage.Network.IsBroken(LinkOf(alone, 0)) ? 1 : 0);
                stage.SetLink(last, broken: true);
                stage.Run(random.Between(100, 3_000));
                Die(stage, master);
                stage.SetLink(last, broken: false);
                return null;
            case Race.D:
                Die(stage, master);
                stage.SetLink(link, broken: true);
                if (!Await(stage, () => stage.Master is { } next && next != master && stage.Players.All(static player => player.ViewSize == 3)))
                    return "nobody is promoted";
                stage.Run(random.Between(0, 3_000));
                Crash(stage, stage.Master ?? stage.Players.First());
                return null;
            case Race.E:
                stage.SetLink(link, broken: true, onlyToMaster: true);
                stage.Run(random.Between(50, 1_500));
                Crash(stage, master);
                return null;
            case Race.F:
                return Pause(stage, master, link);
            case Race.G:
                return Join(stage, master, link);
            default:
                throw new ArgumentOutOfRangeException(nameof(race));
        }

        bool IsBroken(int number, int side) => stage.Network.IsBroken(LinkOf(number, side));
    }

    private static string? Pause(IStage stage, IPlayer master, int link)
    {
        SimRandom random = stage.Random;
        stage.SetLink(link, broken: true);
        stage.Run(random.Between(500, 3_000));
        stage.Pause(master);
        stage.Tell($"{master.Name} stands still");
        if (!Await(stage, () => stage.Players.Any(player => player != master && player.Leads)))
            return "nobody is promoted";
        stage.Run(random.Between(0, 5_000));
        stage.SetLink(link, broken: false);
        stage.SetLink((link + random.Between(1, Fabric.Links.Count - 1)) % Fabric.Links.Count, broken: true);
        stage.Run(random.Between(10_000, 40_000));
        stage.Tell($"{master.Name} wakes");
        stage.Resume(master);
        return null;
    }

    private static string? Join(IStage stage, IPlayer master, int link)
    {
        SimRandom random = stage.Random;
        IPlayer replica = stage.Players.Where(player => player != master).ElementAt(random.Below(2));
        Crash(stage, replica);
        if (!Await(stage, () => master.ViewSize == 2))
            return "the replica is not missed";
        stage.Tell($"{replica.Name} starts again");
        stage.StartAgain(replica);
        if (!Await(stage, () => stage.Players.Count(static player => player.ViewSize == 3) == 3))
            return "the replica does not come back";
        stage.Run(random.Between(0, 6_000));
        Die(stage, master);
        stage.SetLink(link, broken: true);
        if (!Await(stage, () => stage.Master is { } next && next != master && stage.Players.Any(player => player.Name == replica.Name && player.HasJoined)))
            return "nobody is promoted";
        stage.Run(random.Between(0, 3_000));
        if (stage.Master is { } second && second.Name != replica.Name)
        {
            stage.Tell($"{second.Name} leaves");
            stage.Leave(second);
        }
        return null;
    }

    /// <summary>The process or its machine; then a little time, before anybody can be promoted.</summary>
    private static void Die(IStage stage, IPlayer master)
    {
        bool machine = stage.Random.Chance(300) | stage.OnlySilence;
        if (machine)
            stage.CrashMachine(master);
        else
            stage.Crash(master);
        stage.Tell(machine ? $"the machine of {master.Name}, the master, dies" : $"{master.Name}, the master, crashes");
        stage.Run(stage.Random.Between(0, machine ? 150_000 : 900));
    }

    private static void Crash(IStage stage, IPlayer player)
    {
        stage.Crash(player);
        stage.Tell($"{player.Name} crashes");
    }

    private static bool Await(IStage stage, Func<bool> condition)
    {
        for (long waited = 0; waited < Patience; waited += Step)
        {
            if (condition())
                return true;
            stage.Run(Step);
        }
        return condition();
    }

    private static int OddSwitch(SimRandom random) => (2 * random.Below(Fabric.Switches / 2)) + 1;

    /// <summary>A switch with an odd number has two links: the ring's, to the lower and to the higher neighbour.</summary>
    private static int LinkOf(int odd, int side) => side == 0 ? odd - 1 : odd;

    private static byte[] Garbage(SimRandom random)
    {
        byte[] table = Switch.NoEntries();
        for (int to = 0; to < table.Length; to++)
            table[to] = (byte)random.Below(Fabric.MaxPorts);
        return table;
    }
}
