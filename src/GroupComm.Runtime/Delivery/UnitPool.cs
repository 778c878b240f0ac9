using System.Collections.Generic;

namespace GroupComm.Runtime.Delivery;

/// <summary>Units that wait for their next use. Belongs to the core's owner.</summary>
internal sealed class UnitPool
{
    private const int Most = 4096;

    private readonly Stack<DeliveryUnit> _idle = new();

    public DeliveryUnit Rent() => _idle.TryPop(out DeliveryUnit? unit) ? unit : new DeliveryUnit();

    public void Return(DeliveryUnit unit)
    {
        unit.Forget();
        if (_idle.Count < Most)
            _idle.Push(unit);
    }
}
