using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

// What the owner says about state transfers (docs/protocol/state-transfer.md). Kept until the node may send in a view.
internal sealed partial class NodeCore
{
    private readonly List<StateDone> _restored = [];
    private readonly List<StateRetry> _retries = [];

    /// <summary>A member on this node has restored the group's state.</summary>
    public void StateRestored(int group, int slot)
    {
        _dirty = true;
        if (!_finished)
            _restored.Add(new StateDone(group, slot));
    }

    /// <summary>The donor of a member on this node failed, or is too slow: the next one, please.</summary>
    public void StateFailed(int group, int slot, long point)
    {
        _dirty = true;
        if (!_finished)
            _retries.Add(new StateRetry(group, slot, point));
    }

    private void EmitTransferControl(ViewState view, EffectList effects)
    {
        foreach (StateDone done in _restored)
            SendControl(view, SegmentKind.StateDone, done, 0, 0, effects);
        _restored.Clear();
        foreach (StateRetry retry in _retries)
            if (_table.Find(retry.Group)?.Awaiting(_self.Id, retry.Slot, retry.Point) is not null)
                SendControl(view, SegmentKind.StateRetry, retry, 0, 0, effects);
        _retries.Clear();
    }
}
