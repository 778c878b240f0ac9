using System.Collections.Generic;
using GroupComm.Core.Flow;
using GroupComm.Core.Membership;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

// Consumption, gaps and what is kept for others.
internal sealed partial class NodeCore
{
    private readonly OwnLedger _ledger = new();
    private readonly List<PriorView> _prior = [];

    private bool _creditIsOwed; // by a member that left; a mutant only

    private bool PriorConsumed => _prior.Count == 0;

    /// <summary>A view that has ended with deliveries that the application had not consumed.</summary>
    private sealed record PriorView(ViewKey Key, long[] Delivered, long[] Consumed);

    /// <summary>The application has consumed rank <paramref name="rank"/>'s stream of view <paramref name="key"/> up to <paramref name="upTo"/>.</summary>
    public void Consumed(ViewKey key, int rank, long upTo)
    {
        _dirty = true;
        if (_view is { } view && view.Key == key)
        {
            view.Ack.ConsumedBytes += view.Unconsumed[rank].Release(upTo);
            view.Consumed[rank] = System.Math.Max(view.Consumed[rank], upTo);
            return;
        }
        for (int i = 0; i < _prior.Count; i++)
        {
            PriorView prior = _prior[i];
            if (prior.Key != key)
                continue;
            prior.Consumed[rank] = System.Math.Max(prior.Consumed[rank], upTo);
            if (IsConsumed(prior.Delivered, prior.Consumed))
                _prior.RemoveAt(i);
            if (PriorConsumed && _view is { } next)
                next.Ack.Asked = true; // what the others carried over is of no use to them before they hear of it
            return;
        }
    }

    /// <summary>What was passed over without a delivery counts as consumed with what was delivered before it.</summary>
    private static long[] ConsumedVector(ViewState view)
    {
        long[] consumed = view.Consumed, delivered = view.LastDelivered, passed = view.Passed, said = view.ConsumedOut;
        for (int r = 0; r < said.Length; r++)
            said[r] = consumed[r] >= delivered[r] ? passed[r] : consumed[r];
        return said;
    }

    private void EndConsumption(ViewState view)
    {
        if (!IsConsumed(view.LastDelivered, view.Consumed))
            _prior.Add(new PriorView(view.Key, view.LastDelivered, view.Consumed));
        _ledger.NextView();
    }

    private static bool IsConsumed(long[] delivered, long[] consumed)
    {
        for (int r = 0; r < delivered.Length; r++)
            if (consumed[r] < delivered[r])
                return false;
        return true;
    }

    /// <summary>Asks the owners of streams with a gap to send again, not more often than a quarter of a heartbeat.</summary>
    private void AskForGaps(ViewState view, EffectList effects)
    {
        for (int r = 0; r < view.Size; r++)
        {
            bool orders = r == 0 && view.OrdersWanted && _now - view.OrdersAsked >= _options.Times.Heartbeat / 4;
            bool stream = view.ResumeWanted[r] && _now - view.ResumeSent[r] >= _options.Times.Heartbeat / 4;
            if (!orders && !stream)
                continue;
            effects.Send(view.Members[r].Id, new Resume(view.Key, stream ? view.Streams[r].Received + 1 : 0, orders ? view.Orders.End + 1 : 0));
            if (stream)
                (view.ResumeWanted[r], view.ResumeSent[r]) = (false, _now);
            if (orders)
                (view.OrdersWanted, view.OrdersAsked) = (false, _now);
        }
    }

    private void OnResume(ViewState view, NodeId from, Resume resume, EffectList effects)
    {
        if (view.Change.Wedged)
            return;
        view.Ack.Asked |= resume is { Stream: 0, Orders: 0 };
        _dirty = true;
        if (resume.Stream > 0)
        {
            var bundles = new List<Bundle>();
            view.Own.CopyTo(bundles, resume.Stream - 1, long.MaxValue);
            foreach (Bundle bundle in bundles)
                effects.Send(from, bundle);
        }
        if (resume.Orders > 0 && view.IsSequencer)
        {
            long first = view.Orders.Base + 1;
            var runs = new List<OrderRun>();
            foreach (OrderRun run in view.Orders.Runs)
            {
                if (first + run.Count - 1 >= resume.Orders)
                    runs.Add(run);
                else
                    first += run.Count;
            }
            if (runs.Count > 0)
                effects.Send(from, new Orders(view.Key, first, runs.ToArray()));
        }
    }

    /// <summary>Somebody waits for the Safe receipt of an own message: asks the others to acknowledge in their next turn.</summary>
    public void AskForAcknowledgement(EffectList effects)
    {
        if (!_finished && _view is { Key.IsBootstrap: false, Change.Wedged: false } view && view.SafeReceipt < view.Own.Received)
            effects.Broadcast(new Resume(view.Key, 0, 0));
    }

    /// <summary>Memory of records that nobody needs any more is given back in a later turn than the one that used it.</summary>
    private void ReleaseDropped()
    {
        foreach (DecisionRecord record in _dropped)
            foreach (Bundle bundle in record.Bodies)
                bundle.Release();
        _dropped.Clear();
    }
}
