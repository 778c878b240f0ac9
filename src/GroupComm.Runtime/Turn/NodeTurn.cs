using System;
using System.Collections.Generic;
using System.Threading;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Groups;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Submit;
using GroupComm.Runtime.Telemetry;
using GroupComm.Runtime.Tracing;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Turn;

/// <summary>What turns work with; shared with the node, which made it.</summary>
internal sealed record TurnParts(
    LinkManager Links, GroupDirectory Groups, SendQueue Sends, Receipts Receipts, BlockSource Blocks, ITurnEvents Events, ILogger Log, TurnTrace? Trace,
    NodeTelemetry Telemetry);

/// <summary>
/// The turn: what was handled is reported, all inputs are told to the core, the turn is ended, the trace is written, the
/// effects are carried out in order, the links are flushed. Everything here belongs to the core's owner.
/// </summary>
internal sealed partial class NodeTurn : ITurn
{
    private readonly TurnParts _parts;
    private readonly EffectList _effects = new();
    private readonly FrameOutput _output;
    private readonly UnitPool _units = new();
    private readonly List<ViewStreams> _streams = [];
    private readonly Dictionary<int, Member> _joining = [];
    private readonly Dictionary<int, Member> _members = [];
    private readonly HandledBytes _handled;
    private CoreOptions _options;
    private NodeCore _core;
    private InstalledView? _view;
    private List<Member> _ready = [];
    private readonly List<Action<ITurnEvents>> _told = [];
    private readonly bool _rejoins;
    private int _life;
    private bool _over;
    private long _turns;

    public NodeTurn(TurnParts parts, CoreOptions options, HandledBytes handled, bool rejoins)
    {
        (_parts, _options, _handled, _rejoins) = (parts, options, handled, rejoins);
        _output = new FrameOutput(parts.Links.Table, parts.Links.Checksums);
        _core = Begin(options, away: null);
        if (parts.Trace is { } trace)
            trace.KeyOf = (slot, typeId, payload) => _members.TryGetValue(slot, out Member? member) ? member.KeyText(typeId, payload) : null;
    }

    /// <summary>Where deliveries are noted; null: nobody looks.</summary>
    public Inspection.DeliveryRing? Recent { get; set; }

    /// <summary>The member for which most waits; the core's owner only.</summary>
    public (string Group, string Member, int Items)? SlowestMember
    {
        get
        {
            Member? slowest = null;
            foreach (Member member in _members.Values)
                if (member.Queued > (slowest?.Queued ?? 0))
                    slowest = member;
            return slowest is null ? null : (slowest.Handle.Name, slowest.Name, slowest.Queued);
        }
    }

    /// <summary>How many were taken.</summary>
    public long Turns => Volatile.Read(ref _turns);

    public void Take(List<TurnInput> inputs, List<Member> ready)
    {
        Volatile.Write(ref _turns, _turns + 1);
        _ready = ready;
        try
        {
            long now = Clock.Now;
            if (_over)
            {
                inputs.ForEach(input => input.Discard());
                return;
            }
            ReportHandled();
            WatchConsumers(now);
            foreach (TurnInput input in inputs)
                input.Apply(_core, now, _effects);
            Desk.Retry(_core);
            _core.EndTurn(now, _effects);
            if (_parts.Receipts.TakeAsked())
                _core.AskForAcknowledgement(_effects);
            _parts.Trace?.Write(_effects);
            for (int i = 0; i < _effects.Count; i++)
                CarryOut(_effects[i]);
            _output.Flush();
            _parts.Telemetry.Turned(_core, _effects, _members);
        }
        catch (Exception error)
        {
            Break(error);
        }
        finally
        {
            _effects.Clear();
            TellNode();
        }
    }

    // By now every group of a view is in the directory: whoever waited for the view may use them.
    private void TellNode()
    {
        foreach (Action<ITurnEvents> tell in _told)
            tell(_parts.Events);
        _told.Clear();
    }

    public void After(List<Member> ready, TurnSource source, bool busy)
    {
        _parts.Sends.RetryIfOpened();
        PumpStart.Run(ready, source, busy);
    }

    /// <summary>Input: a member wants to join. It is known by its slot from here on.</summary>
    public void Join(Member member, EffectList effects)
    {
        _joining.Add(member.Slot, member);
        _core.ChangeGroup(member.JoinChange, effects);
    }

    /// <summary>Input: a member wants to leave. One that waits to be joined again, and was not asked for yet, just ends.</summary>
    public void Leave(Member member, string reason, EffectList effects)
    {
        member.IsLeaving = true;
        if (_joining.ContainsKey(member.Slot) && member.WasIn && _core.Withdraw(member.Slot))
        {
            _joining.Remove(member.Slot);
            Tell(member, new DeliveryItem(null, new MemberNotice(new Left(), Ends: GroupStatus.Left)));
            return;
        }
        _core.ChangeGroup(new GroupChange(Join: false, member.Handle.Name, member.Slot, member.Name, null, reason), effects);
    }

    private NodeCore Begin(CoreOptions options, string? away)
    {
        LockedSubmitGate gate = new(_parts.Blocks, options.SendWindow, _parts.Sends);
        _parts.Receipts.Begin(options.Self.Id);
        _parts.Sends.Attach(++_life, options.Self.Id, gate, away);
        BeginExchange();
        return new NodeCore(options, gate, Clock.Now);
    }

    private void ReportHandled()
    {
        _handled.Taken();
        ReportHandledUnicasts();
        for (int i = _streams.Count - 1; i >= 0; i--)
            if (_streams[i].Report(_core, _units) && i < _streams.Count - 1)
                _streams.RemoveAt(i);
    }

    private void CarryOut(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send:
                _output.Send(effect.Node, effect.Message);
                break;
            case EffectKind.Broadcast:
                if (_view is not null)
                    _output.Broadcast(_view.Members, _options.Self.Id, effect.Message);
                break;
            case EffectKind.Deliver:
                Deliver(effect);
                break;
            case EffectKind.Transitional:
                EndView((TransitionalSet)effect.Subject!);
                break;
            case EffectKind.ViewInstalled:
                Install((InstalledView)effect.Subject!);
                break;
            case EffectKind.GroupViewInstalled:
                Install((InstalledGroupView)effect.Subject!);
                break;
            case EffectKind.GroupRefused:
                Refuse((GroupRefusal)effect.Subject!);
                break;
            case EffectKind.Wedged:
                break;
            case EffectKind.Safe:
                _parts.Receipts.Safe(effect.Number);
                break;
            case EffectKind.Delivered:
                _parts.Receipts.Delivered(effect.Number);
                break;
            case EffectKind.PrimaryLost:
                RuntimeLog.PrimaryLost(_parts.Log, effect.Text);
                string lost = effect.Text;
                _told.Add(events => events.PrimaryChanged(false, lost));
                TellAll(new MemberNotice(new PrimaryLost(effect.Text)));
                break;
            case EffectKind.PrimaryRegained:
                RuntimeLog.PrimaryRegained(_parts.Log);
                _told.Add(static events => events.PrimaryChanged(true, ""));
                TellAll(new MemberNotice(new PrimaryRegained()));
                break;
            case EffectKind.Suspected:
                RuntimeLog.Suspected(_parts.Log, effect.Node, effect.Text);
                break;
            case EffectKind.Excluded:
                Exclude(effect.Text);
                break;
            case EffectKind.Left:
                Leave();
                break;
            case EffectKind.Finished:
                _told.Add(static events => events.Finished());
                break;
            case EffectKind.GroupLost:
                Lose();
                break;
            case EffectKind.JoinRefused:
                Refuse((JoinRefused)effect.Subject!);
                break;
            case EffectKind.Peers:
                _parts.Links.Dialer.SetPeers((IReadOnlyList<NodeInfo>)effect.Subject!);
                break;
            case EffectKind.Waiting:
                string waiting = effect.Text;
                _told.Add(events => events.Waiting(waiting));
                break;
            case EffectKind.DeliverDirect or EffectKind.QueryAnswered or EffectKind.QueryEnded or EffectKind.ReadReady or EffectKind.ReadRefused:
                CarryOutExchange(effect);
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect.Kind}");
        }
    }
}
