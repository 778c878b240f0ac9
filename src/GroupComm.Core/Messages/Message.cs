using System.Collections.Generic;

namespace GroupComm.Core.Messages;

/// <summary>The closed set of what nodes say to each other. Numbers are the wire's.</summary>
internal enum MessageKind : byte
{
    Bundle = 1,
    Orders = 2,
    Ack = 3,
    Heartbeat = 4,
    Resume = 5,
    Wedge = 16,
    Wedged = 17,
    Refused = 18,
    Pull = 19,
    Bodies = 20,
    Propose = 21,
    Accepted = 22,
    Decide = 23,
    Help = 24,
    Notice = 25,
    Gone = 26,
    Leave = 27,
    Seek = 32,
    Known = 33,
    JoinRefused = 34,
    Probe = 40,
    ProbeReply = 41,
    Direct = 56,
    DirectAck = 57,
    StateOpen = 48,
    StateChunk = 49,
    StateEnd = 50,
    StateAbort = 51,
    StateTaken = 52,
}

/// <summary>A message between cores; never changed once it was sent.</summary>
internal abstract class Message(ViewKey view)
{
    public abstract MessageKind Kind { get; }

    /// <summary>The view that it belongs to; for <see cref="MessageKind.Seek"/> the default.</summary>
    public ViewKey View { get; } = view;

    /// <summary>Keeps the blocks of the bundles that it carries until <see cref="Release"/>.</summary>
    public virtual void Retain()
    {
    }

    /// <summary>The end of what <see cref="Retain"/> began.</summary>
    public virtual void Release()
    {
    }
}

/// <summary>A message that carries bundles of old streams.</summary>
internal abstract class BundlesMessage(ViewKey view, IReadOnlyList<Bundle> bundles) : Message(view)
{
    public IReadOnlyList<Bundle> Bundles { get; } = bundles;

    public override void Retain()
    {
        foreach (Bundle bundle in Bundles)
            bundle.Retain();
    }

    public override void Release()
    {
        foreach (Bundle bundle in Bundles)
            bundle.Release();
    }
}
