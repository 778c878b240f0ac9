using System.Collections.Generic;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>Two agreed messages that two receivers delivered in opposite order, as delivery rows.</summary>
internal readonly record struct Inversion(int FirstHere, int SecondHere, int FirstThere, int SecondThere);

/// <summary>
/// Finds pairs of agreed (or safe) messages of one view that two receivers deliver in opposite order. The agreed numbers of the traces
/// are used only as a shortcut that cannot hide an inversion: if every message has one number everywhere and numbers rise at every
/// receiver, no pair can be inverted. Otherwise all receivers are compared with each other: O(receivers · deliveries).
/// </summary>
internal sealed class OrderInversions(bool byNode)
{
    private readonly Table<long> _numberOf = new();
    private readonly Table<long> _lastNumber = new();
    private readonly Table<int> _lastMessage = new();
    private readonly Table<int> _place = new();
    private readonly Table<bool> _inFlush = new();
    private readonly List<Inversion> _found = [];

    /// <summary>Whether the numbers alone prove that there is no inversion.</summary>
    public bool NoneByNumbers(TraceIndex index)
    {
        int receivers = Receivers(index);
        _numberOf.Fill(index.Messages.Count, -1);
        _lastNumber.Fill(receivers, -1);
        _lastMessage.Fill(receivers, -1);
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            if (d.Order < (byte)DeliveryOrder.Agreed)
                continue;
            ref long number = ref _numberOf[d.Message];
            if (d.Number < 0 || (number >= 0 && number != d.Number))
                return false;
            number = d.Number;
            int receiver = byNode ? d.Process : d.Member;
            int last = _lastMessage[receiver];
            if (last == d.Message)
                continue;
            if (last >= 0 && index.Messages[last].View == index.Messages[d.Message].View && d.Number <= _lastNumber[receiver])
                return false;
            _lastMessage[receiver] = d.Message;
            _lastNumber[receiver] = d.Number;
        }
        return true;
    }

    /// <summary>One inverted pair for every pair of receivers and view that has any.</summary>
    public IReadOnlyList<Inversion> Find(TraceIndex index)
    {
        _found.Clear();
        MarkFlushes(index);
        int receivers = Receivers(index);
        for (int here = 0; here < receivers; here++)
        {
            _place.Fill(index.Messages.Count, -1);
            if (!Place(index, here))
                continue;
            for (int there = here + 1; there < receivers; there++)
                Compare(index, here, there);
        }
        return _found;
    }

    private bool Place(TraceIndex index, int receiver)
    {
        bool any = false;
        (int from, int to) = Range(index, receiver);
        for (int i = from; i < to; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            if (d.Order < (byte)DeliveryOrder.Agreed || (!byNode && d.Member != receiver) || _place[d.Message] >= 0)
                continue;
            _place[d.Message] = i;
            any = true;
        }
        return any;
    }

    private void Compare(TraceIndex index, int other, int receiver)
    {
        int highest = -1;
        long view = long.MinValue;
        bool reported = false;
        (int from, int to) = Range(index, receiver);
        for (int i = from; i < to; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            if (d.Order < (byte)DeliveryOrder.Agreed || (!byNode && d.Member != receiver) || _place[d.Message] < 0)
                continue;
            if (index.Messages[d.Message].View != view)
            {
                view = index.Messages[d.Message].View;
                highest = -1;
                reported = false;
            }
            if ((_inFlush[i] || _inFlush[_place[d.Message]]) && !(GoesOn(index, other, view) && GoesOn(index, receiver, view)))
                continue;
            if (highest >= 0 && _place[d.Message] < _place[index.Deliveries[highest].Message] && !reported && !Again(index, i, from))
            {
                _found.Add(new Inversion(_place[d.Message], _place[index.Deliveries[highest].Message], highest, i));
                reported = true;
            }
            if (highest < 0 || _place[d.Message] > _place[index.Deliveries[highest].Message])
                highest = i;
        }
    }

    /// <summary>
    /// A member is in its view until it wedges it. What it delivers after that, in the flush, is what the survivors agreed on:
    /// it is compared with those who go on too, but not with a member that is left behind, for agreed order is not uniform
    /// (docs/decisions/0009).
    /// </summary>
    private void MarkFlushes(TraceIndex index)
    {
        _inFlush.Fill(index.Deliveries.Count, false);
        for (int p = 0; p < index.ProcessCount; p++)
        {
            ProcessTrace trace = index.History.Processes[p];
            int at = 0;
            bool wedged = false;
            for (int i = index.DeliveryStart[p]; i < index.DeliveryStart[p + 1]; i++)
            {
                for (; at < index.Deliveries[i].Event; at++)
                    wedged = trace[at].Kind == TraceKind.Wedge || (wedged && trace[at].Kind != TraceKind.View);
                _inFlush[i] = wedged;
            }
        }
    }

    private bool GoesOn(TraceIndex index, int receiver, long view)
    {
        int process = byNode ? receiver : index.History.MemberAt(receiver).Process;
        int last = index.LastInstall[process];
        return last >= 0 && index.Event(process, index.Installs[last].Event).View > view;
    }

    /// <summary>Whether the receiver delivered the message already (another member of the same node, or a duplicate).</summary>
    private static bool Again(TraceIndex index, int delivery, int from)
    {
        ref DeliveryRow d = ref index.Deliveries[delivery];
        return d.PreviousOfMessage >= from;
    }

    private int Receivers(TraceIndex index) => byNode ? index.ProcessCount : index.History.MemberCount;

    private (int From, int To) Range(TraceIndex index, int receiver)
    {
        int process = byNode ? receiver : index.History.MemberAt(receiver).Process;
        return (index.DeliveryStart[process], index.DeliveryStart[process + 1]);
    }
}
