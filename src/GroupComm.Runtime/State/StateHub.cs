using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Runtime.Links;
using GroupComm.Transport;

namespace GroupComm.Runtime.State;

/// <summary>
/// Where transfers meet the members that wait for them. The donor may have installed the point before this node has, so a
/// transfer may come early; it waits with a window's worth of bytes.
/// </summary>
internal sealed class StateHub(ITransport transport, Func<NodeId> self, TimeSpan limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StateKey, StateTaker> _offers = [];
    private readonly Dictionary<StateKey, TaskCompletionSource<StateTaker>> _expected = [];
    private readonly HashSet<StateKey> _unwanted = [];
    private readonly Queue<StateKey> _unwantedByAge = new();

    /// <summary>Without progress for so long a transfer is given up.</summary>
    public TimeSpan Limit => limit;

    /// <summary>A donor offers a state.</summary>
    public void Offer(StateTaker taker)
    {
        TaskCompletionSource<StateTaker>? expected;
        lock (_lock)
        {
            if (!_expected.Remove(taker.Key, out expected) && !_unwanted.Contains(taker.Key) && _offers.Count < StateLimits.MaxOffers)
            {
                if (_offers.Remove(taker.Key, out StateTaker? older))
                    older.Close("offered again");
                _offers.Add(taker.Key, taker);
                return;
            }
        }
        if (expected is null || !expected.TrySetResult(taker))
            taker.Close("no member waits for this state");
    }

    /// <summary>The state of an attempt, once its donor offers it.</summary>
    public async Task<StateTaker> TakeAsync(StateKey key, CancellationToken ct)
    {
        TaskCompletionSource<StateTaker> expected;
        lock (_lock)
        {
            if (_offers.Remove(key, out StateTaker? taker))
                return taker;
            _expected[key] = expected = new TaskCompletionSource<StateTaker>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        try
        {
            return await expected.Task.WaitAsync(limit, ct).ConfigureAwait(false);
        }
        catch
        {
            if (expected.Task.IsCompletedSuccessfully)
                expected.Task.Result.Close("given up");
            throw;
        }
    }

    /// <summary>Nobody wants the state of that attempt any more: whoever offers it is told so.</summary>
    public void Refuse(StateKey key)
    {
        StateTaker? taker;
        lock (_lock)
        {
            _expected.Remove(key);
            _offers.Remove(key, out taker);
            if (_unwanted.Add(key))
                _unwantedByAge.Enqueue(key);
            while (_unwantedByAge.Count > StateLimits.MaxOffers)
                _unwanted.Remove(_unwantedByAge.Dequeue());
        }
        taker?.Close("no member waits for this state");
    }

    /// <summary>Connects the donor's end to the joiner's node.</summary>
    public Task<IStateWire> ConnectAsync(StateGiver giver, StateKey key, NodeInfo joiner, CancellationToken ct) =>
        joiner.Id == self() ? Task.FromResult<IStateWire>(ConnectHere(giver, key)) : ConnectThereAsync(giver, joiner, ct);

    private LocalWire ConnectHere(StateGiver giver, StateKey key)
    {
        LocalWire forth = new(), back = new();
        (forth.Back, back.Back) = (back, forth);
        StateTaker taker = new(key, back);
        (forth.Other, back.Other) = (new AfterOpening(taker), giver);
        forth.Start();
        back.Start();
        Offer(taker);
        return forth;
    }

    private async Task<IStateWire> ConnectThereAsync(StateGiver giver, NodeInfo joiner, CancellationToken ct)
    {
        LinkManager.BeginTransfer(joiner.Address, giver);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        IFrameLink link = await transport.DialAsync(joiner.Address, late.Token).ConfigureAwait(false);
        PeerLink state = (PeerLink)link.State!;
        LinkOutcome outcome = await state.Outcome.WaitAsync(late.Token).ConfigureAwait(false);
        if (outcome == LinkOutcome.Current && state.Peer!.Node == joiner.Id)
            return new LinkWire(state);
        link.Close(new CloseReason(CloseKind.Local, "another node answers there"));
        throw new IOException(outcome == LinkOutcome.Current ? $"{state.Peer!.Node} answers at the address of {joiner.Id}" : state.Failure);
    }

    /// <summary>On one node both ends know what the transfer is for.</summary>
    private sealed class AfterOpening(StateTaker taker) : IStateEnd
    {
        public bool Received(Core.Messages.Message message) => message is Core.Messages.StateOpen || taker.Received(message);

        public void Closed(string why) => taker.Closed(why);
    }
}
