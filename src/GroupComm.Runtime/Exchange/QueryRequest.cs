using System;
using System.Threading;
using System.Threading.Channels;
using GroupComm.Core;
using GroupComm.Core.Queries;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Exchange;

/// <summary>One query, from its wait for admission to its end. What comes is bounded by the members of the group view:
/// of each comes one answer, or its departure.</summary>
internal sealed class QueryRequest(ExchangeDesk desk, Member asker, int group, string typeId, DeliveryOrder order, byte[] payload, int wanted) : TurnInput
{
    private readonly Channel<QueryAnswer> _answers = Channel.CreateUnbounded<QueryAnswer>(new UnboundedChannelOptions { SingleReader = true });

    private int _begun;

    /// <summary>True for the first who enumerates it.</summary>
    public bool Begin() => Interlocked.Exchange(ref _begun, 1) == 0;

    public Member Asker => asker;

    public int Group => group;

    public string TypeId => typeId;

    public DeliveryOrder Order => order;

    public byte[] Payload => payload;

    public int Wanted => wanted;

    /// <summary>The query's message once it has one; owner only.</summary>
    public (long View, long Sequence)? Id { get; set; }

    /// <summary>Nobody listens any more; owner only.</summary>
    public bool Cancelled { get; set; }

    public ChannelReader<QueryAnswer> Answers => _answers.Reader;

    public override void Apply(NodeCore core, long now, EffectList effects) => desk.Ask(core, this);

    public override void Discard() => Fail(desk.Over());

    public void Add(QueryAnswer answer) => _answers.Writer.TryWrite(answer);

    public void Fail(Exception error) => _answers.Writer.TryComplete(error);

    public void End(QueryEnd end) => _answers.Writer.TryComplete(end.Outcome == QueryOutcome.Complete
        ? null
        : new GroupCommException($"{end.Answers} of {end.Responders} members answered and so many departed that more than half cannot; ask again, in the view that there is now"));
}
