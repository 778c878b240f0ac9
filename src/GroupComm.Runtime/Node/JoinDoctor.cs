using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Turn;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Node;

/// <summary>
/// Says precisely why a node is not in a view: what the core waits for, and for each address the step that does not work.
/// The log gets a line when it changes, once a second at most, and now and then while it stays.
/// </summary>
internal sealed class JoinDoctor(Func<IEnumerable<JoinObstacle>> obstacles, ILogger log)
{
    private const long SaidAgainAfter = 10_000;

    private volatile string _core = "has not begun to look for its cluster";
    private volatile bool _joined;
    private string _said = "";
    private long _saidAt;

    /// <summary>What keeps the node from being primary, the least particular first; empty when it is.</summary>
    public IReadOnlyList<JoinObstacle> Obstacles => _joined ? [] : [new JoinObstacle(JoinStep.Admission, null, _core), .. obstacles()];

    /// <summary>The same in one line; null when the node is primary.</summary>
    public string? Line => Obstacles is { Count: > 0 } found ? string.Join("; ", found.Select((obstacle, i) => i == 0 ? obstacle.Text : obstacle.ToString())) : null;

    public void Joined() => _joined = true;

    public void Lost(string reason) => (_core, _joined) = ($"not primary: {reason}", false);

    /// <summary>The core waits; it says so once a second at most.</summary>
    public void Waits(string text)
    {
        (_core, _joined) = (text, false);
        string line = Line!;
        long now = Clock.Now;
        if (line == _said && now - Volatile.Read(ref _saidAt) < SaidAgainAfter)
            return;
        _said = line;
        Volatile.Write(ref _saidAt, now);
        RuntimeLog.Waiting(log, line);
    }
}
