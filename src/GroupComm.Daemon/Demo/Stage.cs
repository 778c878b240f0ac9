using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Traces;

namespace GroupComm.Daemon.Demo;

/// <summary>What happened on the stage, for the judge and the summary. Survivors are all but the victim, the fresh one last.</summary>
internal sealed record Played(IReadOnlyList<Actor> Actors, IReadOnlyList<Actor> Survivors, Actor? Victim, Actor? Fresh, IReadOnlyList<double> ViewChangeMs, double Seconds);

/// <summary>
/// The traced phase: nodes meet, all send, one is killed at about 40 % of the messages, a fresh one joins with state transfer at about 60 %, and
/// when everybody has sent its share they are told to finish.
/// </summary>
internal sealed class Stage : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly DemoPlan _plan;
    private readonly InputFile _input;
    private readonly WorkDirectory _work;
    private readonly Playbill _say;
    private readonly Troupe _troupe;
    private readonly ViewBoard _board;
    private readonly string _cluster = FormattableString.Invariant($"demo-{Environment.ProcessId}");

    public Stage(DemoPlan plan, InputFile input, WorkDirectory work, Playbill say, CancellationToken ct)
    {
        (_plan, _input, _work, _say) = (plan, input, work, say);
        _troupe = new Troupe(ct);
        _board = new ViewBoard(_troupe, say);
    }

    public void Dispose() => _troupe.Dispose();

    public async Task<Played> RunAsync()
    {
        _troupe.Heard = (actor, fields) =>
        {
            _board.Heard(actor, fields);
            _say.Progress(Total(actor => actor.Sent), Total(actor => actor.Delivered), (long)_plan.Nodes * _plan.Messages);
        };
        for (int i = 0; i < _plan.Nodes; i++)
            Start(i + 1, i, _plan.Messages);
        await StartUp.MeetAsync(_troupe, Limit).ConfigureAwait(false);
        if (_plan.Crash)
            await RehearseAsync().ConfigureAwait(false);
        // Warm: its process runs, its node does not exist before it is told to start.
        Actor? fresh = _plan.Crash ? Start(_plan.Nodes + 1, 0, Math.Max(1, _plan.Messages * 2 / 5)) : null;
        long began = Stopwatch.GetTimestamp();
        foreach (Actor actor in _troupe.Actors)
            if (actor != fresh)
                actor.Process.Tell("go");
        Actor? victim = _plan.Crash ? await KillOneAsync(fresh!).ConfigureAwait(false) : null;
        if (fresh is not null)
            await JoinAsync(fresh).ConfigureAwait(false);
        await _troupe.UntilAsync(
            () => _troupe.Living.All(actor => actor.Sent >= (actor == fresh ? _plan.Messages * 2 / 5 : _plan.Messages)), "everybody has sent its messages", Longest).ConfigureAwait(false);
        foreach (Actor actor in _troupe.Living)
            actor.Process.Tell("finish");
        await _troupe.UntilAsync(() => _troupe.Living.All(actor => actor.Done), "everybody has delivered the last message", Limit).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await LeaveAsync().ConfigureAwait(false);
        return new Played(_troupe.Actors, [.. _troupe.Living], victim, fresh, _board.ViewChangeMs, seconds);
    }

    private Actor Start(int number, int place, int messages)
    {
        string name = FormattableString.Invariant($"n{number}");
        List<string> arguments =
        [
            ChildCommands.DemoNodeName, "--name", name, "--cluster", _cluster, "--expected-nodes", Inv(_plan.Nodes), "--order", Orders.Name(_plan.Order),
            "--place", Inv(place), "--messages", Inv(messages), "--rate", Inv(_plan.Rate), "--trace", _work.TraceOf(name),
        ];
        if (_input.Path is not null)
            arguments.AddRange(["--input", _input.Path]);
        return _troupe.Start(name, place, ChildProgram.Command([.. arguments]));
    }

    /// <summary>
    /// An understudy joins and is killed before the show. The nodes compile what they do when a process dies while they do it
    /// for the first time, and a service that has run for a day is what the figure is about.
    /// </summary>
    private async Task RehearseAsync()
    {
        Actor understudy = Start(0, 0, 1);
        understudy.Process.Tell("start", _troupe.Actors[0].Address!);
        await _troupe.UntilAsync(() => understudy.Joined && _board.IsSettled, "the understudy has joined", Limit).ConfigureAwait(false);
        _say.Line($"rehearsal: {understudy.Name}, which only came for this, is killed");
        await KillAsync(understudy).ConfigureAwait(false);
        await _troupe.UntilAsync(() => _board.NewViewEverywhere, "a view without the understudy", Limit).ConfigureAwait(false);
    }

    private async Task KillAsync(Actor victim)
    {
        victim.Killed = true;
        _board.Killed(victim, Stopwatch.GetTimestamp());
        victim.Process.Kill();
        await File.AppendAllTextAsync(
            Path.Combine(_work.Path, HarnessTrace.FileName), FormattableString.Invariant($$"""{"ev":"fault","t":{{_board.KilledNanoseconds}},"of":"{{victim.Id}} SIGKILL"}""") + "\n").ConfigureAwait(false);
    }

    private async Task<Actor> KillOneAsync(Actor fresh)
    {
        long total = (long)_plan.Nodes * _plan.Messages;
        await _troupe.UntilAsync(() => Total(actor => actor.Sent) >= total * 2 / 5, "40 % of the messages are sent", Longest).ConfigureAwait(false);
        // Of two nodes the first has the casting vote, so only the second may go.
        Actor victim = _plan.Nodes == 2
            ? _troupe.Actors.First(actor => actor.Name == _troupe.Actors[0].Views[^1].Members.Split(' ')[1])
            : _troupe.Actors[_plan.Seed % _plan.Nodes];
        bool first = victim.Views[^1].Members.Split(' ')[0] == victim.Name;
        long sent = Total(actor => actor.Sent);
        _say.Line(FormattableString.Invariant($"{victim.Name}{(first ? ", coordinator and sequencer," : "")} is killed with SIGKILL at {100.0 * sent / total:0} % of the messages"));
        await KillAsync(victim).ConfigureAwait(false);
        return victim;
    }

    private async Task JoinAsync(Actor fresh)
    {
        long total = (long)_plan.Nodes * _plan.Messages;
        await _troupe.UntilAsync(() => Total(actor => actor.Sent) >= total * 3 / 5, "60 % of the messages are sent", Longest).ConfigureAwait(false);
        await _troupe.UntilAsync(() => _board.NewViewEverywhere, "the survivors have installed a new view", Limit).ConfigureAwait(false);
        _say.Line(FormattableString.Invariant($"{fresh.Name} starts to join at {100.0 * Total(actor => actor.Sent) / total:0} % of the messages"));
        long began = Stopwatch.GetTimestamp();
        fresh.Process.Tell("start", string.Join(',', _troupe.Living.Where(actor => actor.Address is not null).Select(actor => actor.Address)));
        await _troupe.UntilAsync(() => fresh.Joined, $"{fresh.Name} has joined", Limit).ConfigureAwait(false);
        _say.Line(FormattableString.Invariant($"{fresh.Name} has joined, {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms after it began, with the state of {fresh.Restored:N0} messages"));
        fresh.Process.Tell("go");
    }

    private async Task LeaveAsync()
    {
        foreach (Actor actor in _troupe.Living)
            actor.Leaving = true;
        foreach (Actor actor in _troupe.Living)
            actor.Process.Tell("leave");
        await _troupe.UntilAsync(() => _troupe.Living.All(actor => actor.Process.Ended), "everybody has left", Limit).ConfigureAwait(false);
    }

    private long Total(Func<Actor, long> of) => _troupe.Actors.Sum(of);

    private static string Inv(int value) => value.ToString(CultureInfo.InvariantCulture);
}
