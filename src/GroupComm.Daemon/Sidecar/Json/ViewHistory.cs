using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Sidecar.Json;

/// <summary>The latest cluster views of this node and when it installed them.</summary>
internal sealed class ViewHistory
{
    private const int Most = 100;

    private readonly Lock _lock = new();
    private readonly List<(DateTime At, View View)> _views = [];

    public IReadOnlyList<(DateTime At, View View)> All
    {
        get
        {
            lock (_lock)
                return [.. _views];
        }
    }

    public DateTime SinceOf(long view)
    {
        lock (_lock)
            return _views.FindLast(each => each.View.Id == view) is { View: not null } found ? found.At : DateTime.UtcNow;
    }

    public async Task FollowAsync(IGroupCommNode node, CancellationToken stop)
    {
        try
        {
            await foreach (View view in node.ReadViewsAsync(stop).ConfigureAwait(false))
                lock (_lock)
                {
                    if (_views.Count == Most)
                        _views.RemoveAt(0);
                    _views.Add((DateTime.UtcNow, view));
                }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }
}
