namespace GroupComm;

/// <summary>
/// The order in which a multicast is delivered. Every order is reliable: if any survivor of the view delivers a
/// message, all of them do (law VS-9). Zero is no order and is refused with <see cref="System.ArgumentOutOfRangeException"/>.
/// </summary>
public enum DeliveryOrder
{
    /// <summary>Messages of one sending node arrive in the order in which it sent them (law VS-13). One hop.</summary>
    Fifo = 1,

    /// <summary>Fifo, and a message arrives after everything its sender had delivered or sent before it (law VS-14). One hop.</summary>
    Causal = 2,

    /// <summary>Causal, and all members deliver the same sequence (law VS-15). Two hops, one from the sequencer.</summary>
    Agreed = 3,

    /// <summary>Agreed, and held by more than half of the view before anyone delivers it (laws VS-16, VS-17).</summary>
    Safe = 4,
}
