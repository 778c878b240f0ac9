using System.Collections.Generic;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// All laws over one history after the other. Buffers are kept, so that a passing check allocates nothing once they have grown.
/// Not thread-safe: one per core. The safety laws need a history only; the liveness laws (and the end-of-run part of VS-17) are
/// checked when a <see cref="StablePeriod"/> says that the run ended quiet.
/// </summary>
internal sealed class LawChecker
{
    private readonly TraceIndex _index = new();
    private readonly CausalPast _past = new(acrossGroups: false);
    private readonly History _none = new();
    private readonly Law[] _laws;
    private readonly Verdict _verdict;

    public LawChecker()
    {
        _laws =
        [
            new Vs01SelfInclusion(), new Vs02ViewOrder(), new Vs03InitialView(), new Vs04ViewAgreement(), new Vs05PrimaryChain(),
            new Vs06Integrity(), new Vs07NoDuplicate(), new Vs08SendingView(), new Vs09VirtualSynchrony(), new Vs10TransitionalSet(),
            new Vs11SuccessorsAgree(), new Vs12SelfDelivery(), new Vs13Fifo(), new Vs14Causal(_past), new Vs15AgreedOrder(),
            new Vs16OneOrder(), new Vs17Safe(), new Vs18StateTransfer(), new Vs19ExclusionIsFinal(), new Vs20Flush(), new Vs23BarrierRead(),
            new Vs24ConflictOrder(), new Vs25Fencing(), new Vs26CrossGroup(),
            new Lv01OneView(), new Lv02Delivered(), new Lv03SelfDelivered(), new Lv04Safe(), new Lv05NoCapriciousViews(),
            new Lv06Minority(), new Lv07ViewChangeTime(), new Lv08NothingRetained(), new Lv09CanSend(), new Lv11StateArrives(),
        ];
        for (int i = 0; i < _laws.Length; i++)
            _laws[i].Place = i;
        _verdict = new Verdict(_laws);
    }

    /// <summary>The laws, in the order of laws.md.</summary>
    public IReadOnlyList<Law> Laws => _laws;

    /// <summary>Checks every law. The verdict is the checker's own and holds until the next check.</summary>
    public Verdict Check(History history, StablePeriod? stable = null)
    {
        _verdict.Begin(history);
        _index.Build(history, stable);
        _past.Build(_index);
        foreach (Law law in _laws)
            law.Check(_index, _verdict);
        return _verdict;
    }

    /// <summary>Lets go of the history checked last; buffers are kept. A check clears by itself.</summary>
    public void Clear()
    {
        _verdict.Begin(_none);
        _index.Build(_none, null);
    }

    /// <summary>Counts the reordered concurrent pairs of the history checked last.</summary>
    public ReorderingCount CountReordering(int reach = ReorderingCount.DefaultReach) => ReorderingCount.Of(_index, _past, reach);
}
