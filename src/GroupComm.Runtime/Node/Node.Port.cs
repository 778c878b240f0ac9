using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Runtime.Groups;
using GroupComm.Runtime.Inspection;
using GroupComm.Runtime.Submit;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Node;

// What gateways need: sends with a stated type, groups, and a look inside.
internal partial class Node : INodePort
{
    string INodePort.Cluster => _plan.Options.Cluster;

    IReadOnlyList<KnownGroup> INodePort.Groups => [.. _groups.Names.Order(StringComparer.Ordinal).Select(((INodePort)this).FindGroup).OfType<KnownGroup>()];

    KnownGroup? INodePort.FindGroup(string name) =>
        _groups.Find(name) is { View: { } view } entry ? new KnownGroup(entry.Name, view.View, entry.Traits.Open, entry.Traits.AgreedOnly) : null;

    ValueTask<SendReceipt> INodePort.SendAsync(
        string group, IGroup? from, string? typeId, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct)
    {
        if (from is GroupHandle member)
            return member.SendBytes(payload, order, fromHandler: false, ct, typeId);
        return SendFromOutside(group, typeId, payload, order, ct);
    }

    Task<RuntimeInspection> INodePort.InspectAsync(CancellationToken ct)
    {
        InspectInput input = new(_turn, Sends);
        _loop.Leave(input);
        return input.Done.WaitAsync(ct);
    }

    DeliveryRing INodePort.KeepRecent(int deliveries) => _turn.Recent = new DeliveryRing(deliveries);

    private sealed class InspectInput(NodeTurn turn, SendQueue sends) : TurnInput
    {
        private readonly TaskCompletionSource<RuntimeInspection> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<RuntimeInspection> Done => _done.Task;

        public override void Apply(NodeCore core, long now, EffectList effects) => _done.TrySetResult(new RuntimeInspection(
            core.Inspect(now), core.GroupNames.ToDictionary(group => group.Number, group => group.Name), sends.Waiting, turn.SlowestMember));

        public override void Discard() => _done.TrySetException(new GroupCommException("this node is no longer in the cluster"));
    }
}
