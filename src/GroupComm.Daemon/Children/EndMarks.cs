using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Children;

/// <summary>
/// Knows when nothing more can come: every member of the current view has delivered its end mark here, and by the order of
/// its own messages all that it sent before. Written by handlers, which run one at a time.
/// </summary>
internal sealed class EndMarks
{
    private readonly HashSet<NodeId> _ended = [];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeId[] _members = [];
    private volatile bool _stopped;

    /// <summary>This node has sent its own mark.</summary>
    public bool Stopped { get => _stopped; set => _stopped = value; }

    public Task All => _all.Task;

    public void Members(IEnumerable<NodeId> members)
    {
        _members = [.. members];
        Look();
    }

    public void Ended(NodeId node)
    {
        _ended.Add(node);
        Look();
    }

    private void Look()
    {
        if (_members.Length > 0 && _members.All(_ended.Contains))
            _all.TrySetResult();
    }
}
