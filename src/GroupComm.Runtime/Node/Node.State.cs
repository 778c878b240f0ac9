using System;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.State;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Node;

// What members tell about their states.
internal partial class Node
{
    public StateHub States { get; }

    public void StateEnded(Member member, StateWork work)
    {
        string group = member.Handle.Name;
        switch (work)
        {
            case CaptureWork capture:
                Captured(member, capture, group);
                break;
            case AwaitWork { Outcome: StateOutcome.Done } done:
                RuntimeLog.StateRestored(_log, member.Name, group, done.Bytes, done.Key.Donor);
                _loop.Leave(new CallInput((core, _, _) =>
                {
                    _trace?.State(group, done.View, done.Digest, donor: false, done.Key.Donor);
                    core.StateRestored(done.Key.Group, done.Key.Slot);
                }));
                break;
            case AwaitWork { Outcome: StateOutcome.Retry } retry when !retry.Given.IsCancellationRequested:
                RuntimeLog.StateRetried(_log, member.Name, group, retry.Key.Donor, retry.Error!.Message);
                _loop.Leave(new CallInput((core, _, _) => core.StateFailed(retry.Key.Group, retry.Key.Slot, retry.Key.Point)));
                break;
            case { Outcome: StateOutcome.Failed }:
                RuntimeLog.StateFailed(_log, work.Error!, member.Name, group);
                break;
        }
    }

    private void Captured(Member member, CaptureWork capture, string group)
    {
        if (capture.Outcome != StateOutcome.Done)
        {
            RuntimeLog.StateNotGiven(_log, member.Name, group, capture.Joiner.Id, capture.Error!.Message);
            return;
        }
        RuntimeLog.StateGiven(_log, member.Name, group, capture.Bytes, capture.Joiner.Id);
        _loop.Leave(new CallInput((_, _, _) => _trace?.State(group, capture.View, capture.Digest, donor: true, capture.Joiner.Id)));
    }
}
