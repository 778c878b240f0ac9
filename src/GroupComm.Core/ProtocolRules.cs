namespace GroupComm.Core;

/// <summary>
/// The rules of the protocol as switches, so that the simulator can break one at a time and prove that it would notice.
/// Only <see cref="Correct"/> is ever used outside the simulator (a test proves that no option reaches this type).
/// </summary>
internal sealed record ProtocolRules
{
    public static readonly ProtocolRules Correct = new();

    /// <summary>Name of the mutant; <c>none</c> is the protocol.</summary>
    public string Name { get; init; } = "none";

    public bool SendAfterWedge { get; init; }
    public bool CutFromOwnKnowledge { get; init; }
    public bool NoMajority { get; init; }
    public bool IgnoreAcceptedValue { get; init; }
    public bool AcceptBelowPromise { get; init; }
    public bool ExcludedTellsNobody { get; init; }
    public bool BareBallotNumbers { get; init; }
    public bool HoleInOrderLog { get; init; }
    public bool FifoAcrossGroupMark { get; init; }
    public bool LeaverStopsAtOnce { get; init; }
    public bool DecideOnFirstAcceptance { get; init; }
    public bool QuorumOfNewView { get; init; }
    public bool AcceptWithoutBodies { get; init; }
    public bool SameIdentityAfterRestart { get; init; }
    public bool JoinerAdmittedTwice { get; init; }
    public bool CutNotCausallyClosed { get; init; }
    public bool StampWithoutDeliveries { get; init; }
    public bool IgnoreCausalHold { get; init; }
    public bool OrderLogNotTakenOver { get; init; }
    public bool NumberBeforeCausallyReady { get; init; }
    public bool SafeOnOwnAck { get; init; }
    public bool SafeOnTieHalf { get; init; }
    public bool DuplicateAfterReconnect { get; init; }
    public bool GapAfterReconnect { get; init; }
    public bool StableDroppedTooEarly { get; init; }
    public bool GroupChangeWithoutMarks { get; init; }
    public bool JoinerTableIncomplete { get; init; }
    public bool TieRuleOnBothHalves { get; init; }
    public bool TokenFromNonPrimary { get; init; }
    public bool BlendAcceptedValue { get; init; }
    public bool CausalThroughSequencer { get; init; }
    public bool FragmentTailKept { get; init; }
    public bool JoinersNotCapped { get; init; }
    public bool DeafNodeWedges { get; init; }
    public bool DirectTakenTwice { get; init; }
    public bool QueryForgetsDepartures { get; init; }
    public bool ReadOnOwnWord { get; init; }
    public bool ReadWithoutVectors { get; init; }
    public bool ReadEndsAtInstall { get; init; }
    public bool HandlersOfOneKeyInParallel { get; init; }
    public bool ViewNotABarrierForKeys { get; init; }
    public bool FragmentsAgainstTheWindow { get; init; }
    public bool CreditsOfLeftMember { get; init; }
    public bool HandlerWaitsForWindow { get; init; }
    public bool SlowConsumerStays { get; init; }
    public bool AcceptWithoutWedging { get; init; }
    public bool OlderViewAfterNewer { get; init; }
    public bool BootstrapWithoutFloor { get; init; }
    public bool EarlyState { get; init; }
    public bool LateState { get; init; }
    public bool DonorNotReplaced { get; init; }
    public bool DonorWithoutState { get; init; }
    public bool BufferKeptAcrossRestart { get; init; }
    public bool AckAfterWedge { get; init; }
    public bool SafeAcrossViews { get; init; }
    public bool UnicastBeforeGroupView { get; init; }
    public bool NoHelp { get; init; }
    public bool LeavesForgotten { get; init; }
    public bool MinorityRefusesNames { get; init; }
    public bool LaterLifeIsProof { get; init; }
}
