using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Demo;

/// <summary>The children of one phase: starts them, takes in their reports, waits for what they reach together, ends them.</summary>
internal sealed class Troupe(CancellationToken ct) : IDisposable
{
    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Actor> _actors = [];

    public IReadOnlyList<Actor> Actors => _actors;

    public IEnumerable<Actor> Living => _actors.Where(actor => !actor.Killed);

    /// <summary>Called with every report after it was taken in.</summary>
    public Action<Actor, string[]>? Heard { get; set; }

    public Actor Start(string name, int place, ProcessStartInfo command)
    {
        var actor = new Actor(new ChildProcess(name, command, _reports.Writer), place);
        _actors.Add(actor);
        return actor;
    }

    /// <summary>Takes in reports until <paramref name="reached"/>.</summary>
    public async Task UntilAsync(Func<bool> reached, string what, TimeSpan limit)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        try
        {
            while (!reached())
                Take(await _reports.Reader.ReadAsync(late.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failure(FormattableString.Invariant($"within {limit.TotalSeconds:0} s not reached: {what}"));
        }
    }

    public DemoFailure Failure(string text) => new(
        text, string.Join(Environment.NewLine, _actors.Select(actor => $"== {actor.Name} ({actor.Id ?? "not started"}){Environment.NewLine}{actor.Process.Log}{Environment.NewLine}")));

    public void Dispose()
    {
        foreach (Actor actor in _actors)
            actor.Process.Kill();
        foreach (Actor actor in _actors)
            actor.Process.Dispose();
    }

    private void Take(Report report)
    {
        Actor actor = _actors.First(each => each.Process == report.From);
        actor.Take(report.Fields);
        Heard?.Invoke(actor, report.Fields);
        if (actor.Failure is { } failure && !actor.Killed)
            throw Failure($"{actor.Name}: {failure}");
    }
}
