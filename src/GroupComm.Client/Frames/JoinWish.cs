namespace GroupComm.Client.Frames;

/// <summary>The options of <c>JOIN</c>; those that are as the specification has them otherwise are not written.</summary>
internal sealed record JoinWish(bool State, bool Open, bool AgreedOnly, bool StartEmptyWhenStateIsLost, long SlowConsumerTimeout, bool States)
{
    public const long DefaultSlowConsumerTimeout = 30_000;
}
