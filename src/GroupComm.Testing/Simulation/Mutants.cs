using System;
using System.Collections.Generic;
using GroupComm.Core;

namespace GroupComm.Testing.Simulation;

/// <summary>The mutants by name: each breaks one rule of the protocol, and the simulator must notice.</summary>
internal static class Mutants
{
    private static readonly ProtocolRules Correct = ProtocolRules.Correct;

    public static IReadOnlyList<ProtocolRules> All { get; } =
    [
        Correct with { Name = "send-after-wedge", SendAfterWedge = true },
        Correct with { Name = "cut-from-own-knowledge", CutFromOwnKnowledge = true },
        Correct with { Name = "no-majority", NoMajority = true },
        Correct with { Name = "accept-below-promise", AcceptBelowPromise = true },
        Correct with { Name = "bare-ballot-numbers", BareBallotNumbers = true },
        Correct with { Name = "hole-in-order-log", HoleInOrderLog = true },
        Correct with { Name = "fifo-across-group-mark", FifoAcrossGroupMark = true },
        Correct with { Name = "deaf-node-wedges", DeafNodeWedges = true },
        Correct with { Name = "fragment-tail-kept", FragmentTailKept = true },
        Correct with { Name = "blend-accepted-value", BlendAcceptedValue = true },
        Correct with { Name = "decide-on-first-acceptance", DecideOnFirstAcceptance = true },
        Correct with { Name = "quorum-of-new-view", QuorumOfNewView = true },
        Correct with { Name = "accept-without-bodies", AcceptWithoutBodies = true },
        Correct with { Name = "same-identity-after-restart", SameIdentityAfterRestart = true },
        Correct with { Name = "joiner-admitted-twice", JoinerAdmittedTwice = true },
        Correct with { Name = "cut-not-causally-closed", CutNotCausallyClosed = true },
        Correct with { Name = "stamp-without-deliveries", StampWithoutDeliveries = true },
        Correct with { Name = "ignore-causal-hold", IgnoreCausalHold = true },
        Correct with { Name = "order-log-not-taken-over", OrderLogNotTakenOver = true },
        Correct with { Name = "safe-on-own-ack", SafeOnOwnAck = true },
        Correct with { Name = "duplicate-after-reconnect", DuplicateAfterReconnect = true },
        Correct with { Name = "gap-after-reconnect", GapAfterReconnect = true },
        Correct with { Name = "stable-dropped-too-early", StableDroppedTooEarly = true },
        Correct with { Name = "group-change-without-marks", GroupChangeWithoutMarks = true },
        Correct with { Name = "joiner-table-incomplete", JoinerTableIncomplete = true },
        Correct with { Name = "tie-rule-on-both-halves", TieRuleOnBothHalves = true },
        Correct with { Name = "token-from-non-primary", TokenFromNonPrimary = true },
        Correct with { Name = "handlers-of-one-key-in-parallel", HandlersOfOneKeyInParallel = true },
        Correct with { Name = "view-change-not-a-barrier-for-keys", ViewNotABarrierForKeys = true },
        Correct with { Name = "fragments-against-the-window", FragmentsAgainstTheWindow = true },
        Correct with { Name = "credits-of-a-left-member", CreditsOfLeftMember = true },
        Correct with { Name = "handler-waits-for-the-window", HandlerWaitsForWindow = true },
        Correct with { Name = "slow-consumer-stays", SlowConsumerStays = true },
        Correct with { Name = "early-state", EarlyState = true },
        Correct with { Name = "late-state", LateState = true },
        Correct with { Name = "donor-lost-and-not-replaced", DonorNotReplaced = true },
        Correct with { Name = "donor-without-state", DonorWithoutState = true },
        Correct with { Name = "buffer-kept-across-restart", BufferKeptAcrossRestart = true },
        Correct with { Name = "causal-through-sequencer", CausalThroughSequencer = true },
        Correct with { Name = "unicast-twice-after-reconnect", DirectTakenTwice = true },
        Correct with { Name = "query-forgets-departures", QueryForgetsDepartures = true },
        Correct with { Name = "read-on-own-word", ReadOnOwnWord = true },
        Correct with { Name = "read-without-vectors", ReadWithoutVectors = true },
        Correct with { Name = "read-ends-at-install", ReadEndsAtInstall = true },
        Correct with { Name = "accept-without-wedging", AcceptWithoutWedging = true },
        Correct with { Name = "older-view-after-newer", OlderViewAfterNewer = true },
        Correct with { Name = "bootstrap-by-majority-without-floor", BootstrapWithoutFloor = true },
        Correct with { Name = "joiners-not-capped", JoinersNotCapped = true },
        Correct with { Name = "ack-after-wedge", AckAfterWedge = true },
        Correct with { Name = "safe-across-views", SafeAcrossViews = true },
        Correct with { Name = "leaver-stops-at-once", LeaverStopsAtOnce = true },
        Correct with { Name = "safe-on-tie-half", SafeOnTieHalf = true },
        Correct with { Name = "no-help", NoHelp = true },
        Correct with { Name = "leaves-forgotten", LeavesForgotten = true },
        Correct with { Name = "minority-refuses-names", MinorityRefusesNames = true },
        Correct with { Name = "later-life-is-proof", LaterLifeIsProof = true },
        Correct with { Name = "unicast-before-its-group-view", UnicastBeforeGroupView = true },
        Correct with { Name = "ignore-accepted-value", IgnoreAcceptedValue = true },
    ];

    public static bool TryFind(string name, out ProtocolRules rules)
    {
        rules = Correct;
        if (string.Equals(name, Correct.Name, StringComparison.Ordinal))
            return true;
        foreach (ProtocolRules mutant in All)
            if (string.Equals(mutant.Name, name, StringComparison.Ordinal))
            {
                rules = mutant;
                return true;
            }
        return false;
    }
}
