using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace GroupComm.Interop.Tests;

/// <summary>Clients of one language in a group of their own, one at each daemon in turn.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Daemons _daemons;
    private readonly Language _language;
    private readonly bool _state;
    private readonly Dictionary<string, string> _selves = [];

    private Stage(Daemons daemons, Language language, string group, bool state, string[] actors)
    {
        (_daemons, _language, Group, _state, Actors) = (daemons, language, group, state, actors);
        Puppet = new Puppet(language);
    }

    public Puppet Puppet { get; }

    public string Group { get; }

    public string[] Actors { get; }

    public static async Task<Stage> StartAsync(Daemons daemons, Language language, string group, bool state, string[] actors)
    {
        language.Require();
        await language.PrepareAsync();
        await daemons.StartAsync();
        Stage stage = new(daemons, language, group, state, actors);
        try
        {
            await stage.BeginAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync()
    {
        for (int i = 0; i < Actors.Length; i++)
            await JoinAsync(Actors[i], i);
        string all = string.Join(' ', Actors.Select(Self).Order(StringComparer.Ordinal));
        foreach (string actor in Actors)
            await Puppet.UntilAsync(actor, "view", view => string.Join(' ', ConformanceTests.Names(view, "members").Order(StringComparer.Ordinal)) == all);
    }

    public string Endpoint(int daemon) => _daemons.Endpoint(daemon, _language.Transport);

    public string Self(string actor) => _selves[actor];

    /// <summary>Connects and joins, with other daemons to go to when its own is gone.</summary>
    public async Task JoinAsync(string actor, int daemon, params int[] others)
    {
        JsonArray at = [.. others.Prepend(daemon).Select(each => (JsonNode)Endpoint(each))];
        await Puppet.DoAsync(actor, "connect", new JsonObject { ["at"] = at });
        _selves[actor] = (await Puppet.DoAsync(actor, "join", new JsonObject { ["group"] = Group, ["member"] = actor, ["state"] = _state })).GetProperty("self").GetString()!;
    }

    public ValueTask DisposeAsync() => Puppet.DisposeAsync();
}
