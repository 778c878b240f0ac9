namespace GroupComm.Runtime.Delivery;

/// <summary>A unit whose messages are handled side by side: closed when the pump has read all of it and every message is
/// done. Belongs to <see cref="KeyedWork"/> and its lock.</summary>
internal sealed class KeyedUnit
{
    public DeliveryUnit Unit = null!;

    /// <summary>Messages under way, and one for the pump while it reads.</summary>
    public int Open;

    /// <summary>The member has given the credit.</summary>
    public bool Credited;

    /// <summary>Its place among the open ones.</summary>
    public int Place;
}
