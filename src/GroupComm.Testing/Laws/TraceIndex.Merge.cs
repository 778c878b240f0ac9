namespace GroupComm.Testing.Laws;

internal sealed partial class TraceIndex
{
    private readonly Table<int> _cursor = new();

    /// <summary>The steps of all processes in one order that respects every trace and puts each send before its deliveries.</summary>
    public Table<int> Merged { get; } = new();

    /// <summary>Deliveries that no such order can place after their send: delivered before sent (VS-6).</summary>
    public Table<int> BeforeSent { get; } = new();

    /// <summary>Runs every process until it delivers what was not sent yet, then the next one. O(events) for a fixed number of
    /// processes: each turn of the outer loop moves at least one of them.</summary>
    private void Merge()
    {
        int n = ProcessCount;
        Merged.Clear();
        BeforeSent.Clear();
        _cursor.Clear();
        for (int p = 0; p < n; p++)
            _cursor.Add(StepStart[p]);
        while (Merged.Count < Steps.Count)
        {
            int before = Merged.Count;
            for (int p = 0; p < n; p++)
                Advance(p);
            if (Merged.Count == before)
                PushThrough(n);
        }
    }

    private void Advance(int p)
    {
        int at = _cursor[p];
        int end = StepStart[p + 1];
        for (; at < end; at++)
        {
            int step = Steps[at];
            if (step >= 0)
            {
                ref MessageRow m = ref Messages[Deliveries[step].Message];
                if (m.Event >= 0 && m.Step >= (m.Sender == p ? at : _cursor[m.Sender]))
                    break;
            }
            Merged.Add(step);
        }
        _cursor[p] = at;
    }

    private void PushThrough(int n)
    {
        for (int p = 0; p < n; p++)
        {
            int at = _cursor[p];
            if (at == StepStart[p + 1])
                continue;
            BeforeSent.Add(Steps[at]);
            Merged.Add(Steps[at]);
            _cursor[p] = at + 1;
            return;
        }
    }
}
