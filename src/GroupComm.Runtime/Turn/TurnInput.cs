using System;
using GroupComm.Core;

namespace GroupComm.Runtime.Turn;

/// <summary>Something that is told to the core in a turn.</summary>
internal abstract class TurnInput
{
    /// <summary>Called by the core's owner, never by two threads at once.</summary>
    public abstract void Apply(NodeCore core, long now, EffectList effects);

    /// <summary>Instead of <see cref="Apply"/>, when the core is no more: gives back what it holds.</summary>
    public virtual void Discard() { }
}

/// <summary>An input of the control path, where clarity is worth an allocation.</summary>
internal sealed class CallInput(Action<NodeCore, long, EffectList> call) : TurnInput
{
    public override void Apply(NodeCore core, long now, EffectList effects) => call(core, now, effects);
}

/// <summary>Time has passed. One per node, posted again and again.</summary>
internal sealed class TickInput : TurnInput
{
    public override void Apply(NodeCore core, long now, EffectList effects) => core.Tick(now, effects);
}
