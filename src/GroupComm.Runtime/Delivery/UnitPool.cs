using System.Collections.Generic;

namespace GroupComm.Runtime.Delivery;

/// <summary>Units that wait for their next use. Belongs to the core's owner.</summary>
internal sealed class UnitPool
{
    // Three full windows of messages of 1 KiB, each of another group than the one before: 2 MiB.
    private const int Most = 16_384;

    private readonly Stack<DeliveryUnit> _idle = new();

    public DeliveryUnit Rent() => _idle.TryPop(out DeliveryUnit? unit) ? unit : new DeliveryUnit();

    public void Return(DeliveryUnit unit)
    {
        unit.Forget();
        if (_idle.Count < Most)
            _idle.Push(unit);
    }
}
