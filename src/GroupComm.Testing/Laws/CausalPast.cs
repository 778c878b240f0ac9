namespace GroupComm.Testing.Laws;

/// <summary>
/// The causal past of every message, rebuilt from the traces and not from our stamps (protocol.md section 5): program order of a node
/// inside a view, and delivery before a send whose order is causal, agreed or safe. A delivery before a fifo send makes no edge into
/// that send. The past is one position per sender ("all its sends up to here"), because program order makes it downward closed; the
/// messages sent between two deliveries share one vector. Either per group or across the groups of the cluster.
/// </summary>
internal sealed class CausalPast(bool acrossGroups)
{
    private readonly Table<int> _now = new();
    private readonly Table<int> _merged = new();
    private readonly Table<long> _view = new();
    private readonly Table<int> _snapshot = new();
    private readonly Table<bool> _dirty = new();
    private readonly Table<int> _vectors = new();
    private readonly Table<int> _vectorOf = new();
    private int _width;
    private int _slots;

    /// <summary>Whether <paramref name="earlier"/> (a message with a send) causally precedes <paramref name="later"/>.</summary>
    public bool Precedes(TraceIndex index, int earlier, int later)
    {
        ref MessageRow a = ref index.Messages[earlier];
        ref MessageRow b = ref index.Messages[later];
        if (a.View != b.View)
            return false;
        if (a.Sender == b.Sender)
            return a.Position < b.Position && (acrossGroups || a.Group == b.Group);
        int vector = _vectorOf[later];
        return vector >= 0 && _vectors[vector + a.Sender] > a.Position;
    }

    /// <summary>The past of a message at <paramref name="sender"/>: one more than the position of the last send in it, 0 for none.
    /// The message's own sender is not in it.</summary>
    public int Reaches(int vector, int sender) => _vectors[vector + sender];

    /// <summary>The vector of a message, -1 when its past holds no other sender.</summary>
    public int VectorOf(int message) => _vectorOf[message];

    public void Build(TraceIndex index)
    {
        _width = index.ProcessCount;
        _slots = acrossGroups ? 1 : index.History.GroupCount;
        int clocks = _width * _slots;
        _now.Fill(clocks * _width, 0);
        _merged.Fill(clocks * _width, -1);
        _view.Fill(clocks, long.MinValue);
        _snapshot.Fill(clocks, -1);
        _dirty.Fill(clocks, false);
        _vectors.Clear();
        _vectorOf.Fill(index.Messages.Count, -1);
        foreach (int step in index.Merged.Rows)
        {
            if (step < 0)
                Send(index, index.Sends[~step]);
            else
                Deliver(index, index.Deliveries[step].Process, index.Deliveries[step].Message);
        }
    }

    private void Send(TraceIndex index, int message)
    {
        ref MessageRow m = ref index.Messages[message];
        int clock = Clock(m.Sender, m.Group, m.View);
        if (m.Order != (byte)DeliveryOrder.Fifo && _dirty[clock])
        {
            _dirty[clock] = false;
            _snapshot[clock] = _vectors.Count;
            for (int s = 0; s < _width; s++)
                _vectors.Add(_now[(clock * _width) + s]);
        }
        _vectorOf[message] = _snapshot[clock];
    }

    private void Deliver(TraceIndex index, int process, int message)
    {
        ref MessageRow m = ref index.Messages[message];
        if (m.Position < 0 || m.Sender == process)
            return;
        int clock = Clock(process, m.Group, m.View);
        int now = clock * _width;
        if (_now[now + m.Sender] <= m.Position)
        {
            _now[now + m.Sender] = m.Position + 1;
            _dirty[clock] = true;
        }
        int vector = _vectorOf[message];
        if (vector < 0 || _merged[now + m.Sender] == vector)
            return;
        _merged[now + m.Sender] = vector;
        for (int s = 0; s < _width; s++)
        {
            int reach = _vectors[vector + s];
            if (reach > _now[now + s] && s != process)
            {
                _now[now + s] = reach;
                _dirty[clock] = true;
            }
        }
    }

    private int Clock(int process, int group, long view)
    {
        int clock = (process * _slots) + (acrossGroups ? 0 : group);
        if (_view[clock] == view)
            return clock;
        _view[clock] = view;
        _snapshot[clock] = -1;
        _dirty[clock] = false;
        for (int s = 0; s < _width; s++)
        {
            _now[(clock * _width) + s] = 0;
            _merged[(clock * _width) + s] = -1;
        }
        return clock;
    }
}
