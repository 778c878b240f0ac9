using System;
using System.Collections.Generic;
using System.Globalization;

namespace GroupComm.Daemon.Demo;

/// <summary>A cluster view or group view that a node reported.</summary>
/// <param name="Ticks">When, on the clock that all processes of a machine share.</param>
/// <param name="Id">Its number, or group view id.</param>
/// <param name="Members">Names, by rank.</param>
/// <param name="Reason">Who left and why, or the reason of the group view.</param>
internal sealed record SeenView(long Ticks, string Id, string Members, string Reason);

/// <summary>What the handlers of one node were given in one group view.</summary>
internal sealed record SeenDigest(string View, long Count, string Sequence, string Set);

/// <summary>A node of the demo as its parent knows it: what it has reported so far.</summary>
internal sealed class Actor(ChildProcess process, int place)
{
    public ChildProcess Process => process;

    public string Name => process.Name;

    /// <summary>Which lines it sends.</summary>
    public int Place => place;

    public string? Address { get; private set; }

    public string? Id { get; private set; }

    public bool Joined { get; private set; }

    public bool Killed { get; set; }

    public bool Leaving { get; set; }

    public bool Done { get; private set; }

    public long Sent { get; private set; }

    public long Delivered { get; private set; }

    public List<SeenView> Views { get; } = [];

    public List<SeenView> GroupViews { get; } = [];

    public List<SeenDigest> Digests { get; } = [];

    /// <summary>Its state at the begin of each of its group views.</summary>
    public List<SeenDigest> States { get; } = [];

    /// <summary>How many messages the state stood for that it got when it joined; null when it got none.</summary>
    public long? Restored { get; private set; }

    /// <summary>Up to where, by view, its messages were promised to survive.</summary>
    public Dictionary<long, long> Safe { get; } = [];

    public string? Failure { get; private set; }

    public void Take(string[] fields)
    {
        switch (fields)
        {
            case ["listening", var address, var id]:
                (Address, Id) = (address, id);
                break;
            case ["joined", _]:
                Joined = true;
                break;
            case ["sent", var sent, var delivered]:
                (Sent, Delivered) = (Number(sent), Number(delivered));
                break;
            case ["safe", var view, var sequence]:
                Safe[Number(view)] = Math.Max(Safe.GetValueOrDefault(Number(view)), Number(sequence));
                break;
            case ["view", var ticks, var id, var members, var reason]:
                Views.Add(new SeenView(Number(ticks), id, members, reason));
                break;
            case ["groupview", var ticks, var id, var members, var reason]:
                GroupViews.Add(new SeenView(Number(ticks), id, members, reason));
                break;
            case ["digest", var view, var count, var sequence, var set]:
                Digests.Add(new SeenDigest(view, Number(count), sequence, set));
                break;
            case ["state", var view, var count, var sequence, var set]:
                States.Add(new SeenDigest(view, Number(count), sequence, set));
                break;
            case ["restored", var count]:
                Restored = Number(count);
                break;
            case ["done"]:
                Done = true;
                break;
            case ["burst", ..]:
                break; // the throughput phase reads it
            case ["failed", var text]:
                Failure = text;
                break;
            case []:
                if (!Killed && !Leaving)
                    Failure ??= "ended before its time";
                break;
            default:
                throw new FormatException($"{Name} reported what is not understood: {string.Join(' ', fields)}");
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
