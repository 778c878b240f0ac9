using System;
using System.Collections.Generic;
using System.Threading;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Node;

// How the node fares.
internal partial class Node : INodeHealth
{
    private readonly JoinDoctor _doctor;
    private HandlerFailure? _lastFailure;

    private sealed record HandlerFailure(string Text, long At);

    public string? Waiting => Failure is { } failure ? failure.Message : _doctor.Line;

    public IReadOnlyList<JoinObstacle> Obstacles => Failure is JoinException join ? [new JoinObstacle(join.Step, null, join.Message)] : _doctor.Obstacles;

    public Exception? Failure => _primary.Failure;

    public string? RecentHandlerFailure(TimeSpan window) =>
        Volatile.Read(ref _lastFailure) is { } last && Clock.Now - last.At < window.TotalMilliseconds ? last.Text : null;

    private IEnumerable<JoinObstacle> LinkObstacles()
    {
        if (Discovery?.Obstacle is { } unresolved)
            yield return unresolved;
        foreach (JoinObstacle obstacle in Links.Dialer.Obstacles())
            yield return obstacle;
        if (Links.LastRefusal is { } refused)
            yield return refused;
    }
}
