using System;
using System.Threading;
using GroupComm.Transport;

namespace GroupComm.Runtime.Links;

/// <summary>An address that should be linked, as long as a seed or a view names it.</summary>
internal sealed class DialTarget(string address, bool seed, int randomSeed)
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _lock = new();

    public string Address => address;

    public bool IsSeed => seed;

    /// <summary>Named by discovery at present.</summary>
    public bool IsDiscovered { get; set; }

    /// <summary>Named by the last view of the life before: where the new one looks for the others.</summary>
    public bool IsKept { get; set; }

    /// <summary>Who should be there; null for a seed that no view names.</summary>
    public NodeId? Expected { get; set; }

    /// <summary>Who answered there last.</summary>
    public NodeId? Answered { get; set; }

    /// <summary>No longer named by anybody.</summary>
    public bool Dropped { get; set; }

    public Backoff Backoff { get; } = new(randomSeed);

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public JoinObstacle? Obstacle { get; set; }

    /// <summary>The last attempt was refused: nobody listens there.</summary>
    public bool Refused { get; set; }

    /// <summary>When the last link was lost, in ms.</summary>
    public long LostAt { get; set; } = long.MinValue / 2;

    /// <summary>Signalled when a link was lost or the target changed: look again at once.</summary>
    public SemaphoreSlim Woken => _wake;

    public void Wake()
    {
        lock (_lock)
            if (_wake.CurrentCount == 0)
                _wake.Release();
    }
}
