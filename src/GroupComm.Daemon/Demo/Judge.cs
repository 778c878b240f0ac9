using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;

namespace GroupComm.Daemon.Demo;

/// <summary>
/// The verdict over a run, from three witnesses: what the handlers digested, the laws over the traces, and the count of what
/// was promised (delivered at a survivor, or safe anywhere) against what every survivor delivered.
/// </summary>
internal sealed class Judge(DemoPlan plan, WorkDirectory work, Played played)
{
    private readonly History _history = new();
    private readonly List<Finding> _findings = [];

    public Judgement Run()
    {
        var reader = new TraceReader(_history);
        foreach (Actor actor in played.Actors)
            reader.Read(work.TraceOf(actor.Name));
        var checker = new LawChecker();
        Verdict verdict = checker.Check(_history);
        ReorderingCount reordering = checker.CountReordering();
        JudgeDigests();
        JudgeStates();
        var losses = new LossCount(_history, played);
        Say(losses.Lost == 0, $"nothing lost: {losses.Promised:N0} messages delivered at a survivor, {losses.SafeChecked:N0} of them promised safe, all at all survivors",
            $"LOST {losses.Lost:N0} deliveries of messages that reached a survivor or were promised safe (VS-9, VS-17), first: {losses.FirstLost}");
        Say(losses.Duplicates == 0, "nothing twice", $"{losses.Duplicates:N0} messages delivered twice (VS-7), first: {losses.FirstDuplicate}");
        if (plan.Order == DeliveryOrder.Causal)
        {
            Say(reordering.CausalInversions == 0, "no causal inversion", $"{reordering.CausalInversions:N0} causal inversions (VS-14)");
            Say(reordering.ConcurrentPairs > 0 || plan.Nodes < 3, $"{reordering.ConcurrentPairs:N0} concurrent pairs delivered in different order at different nodes",
                "not one concurrent pair was delivered in different order: causal order costs as much as agreed order");
        }
        Say(verdict.Ok, $"all {verdict.Laws.Count(law => law.Id.StartsWith("VS-", StringComparison.Ordinal))} safety laws hold over {verdict.Events:N0} traced events of {verdict.Processes} processes",
            verdict.Explain(_history) ?? "");
        return new Judgement(_findings, losses.Delivered, losses.Lost, losses.Duplicates, reordering.ConcurrentPairs, reordering.CausalInversions);
    }

    private void JudgeDigests()
    {
        bool sequence = plan.Order >= DeliveryOrder.Agreed;
        string? different = null;
        int views = 0;
        foreach (IGrouping<string, (Actor Actor, SeenDigest Digest)> view in played.Survivors.SelectMany(actor => actor.Digests, (actor, digest) => (actor, digest)).GroupBy(each => each.digest.View))
        {
            views++;
            (Actor first, SeenDigest expected) = view.First();
            foreach ((Actor actor, SeenDigest digest) in view)
                if (digest.Count != expected.Count || digest.Set != expected.Set || (sequence && digest.Sequence != expected.Sequence))
                    different ??= $"{actor.Name} delivered another {(digest.Set != expected.Set ? "set" : "sequence")} than {first.Name} in group view {view.Key}: {digest.Count:N0} and {expected.Count:N0} messages";
        }
        string who = string.Create(CultureInfo.InvariantCulture, $"at {string.Join(", ", played.Survivors.Select(actor => actor.Name))} in each of {views} group views");
        string what = plan.Order switch
        {
            DeliveryOrder.Fifo => $"same set {who}; each sender's messages in the order it sent them",
            DeliveryOrder.Causal => $"same set {who}",
            _ => $"same sequence {who}",
        };
        Say(different is null, what, $"{different} ({(sequence ? "VS-15" : "VS-9")})");
    }

    /// <summary>VS-18 as the application sees it: whoever has state has the same at the begin of a group view, a joiner too.</summary>
    private void JudgeStates()
    {
        bool sequence = plan.Order >= DeliveryOrder.Agreed;
        string? different = null;
        foreach (IGrouping<string, (Actor Actor, SeenDigest State)> view in played.Survivors.SelectMany(actor => actor.States, (actor, state) => (actor, state)).GroupBy(each => each.state.View))
        {
            (Actor first, SeenDigest expected) = view.First();
            foreach ((Actor actor, SeenDigest state) in view)
                if (state.Count != expected.Count || state.Set != expected.Set || (sequence && state.Sequence != expected.Sequence))
                    different ??= $"{actor.Name} had another state than {first.Name} at group view {view.Key}: of {state.Count:N0} and {expected.Count:N0} messages";
        }
        if (played.Fresh is null)
        {
            Say(different is null, "same state at all members at each group view", $"{different} (VS-18)");
            return;
        }
        long? point = played.Fresh.States.FirstOrDefault()?.Count;
        Say(different is null && played.Fresh.Restored == point && point > 0,
            $"state transferred: at its first group view {played.Fresh.Name} had the state of the others, of {point:N0} messages",
            $"{different ?? $"{played.Fresh.Name} began with a state of {point:N0} messages, restored were {played.Fresh.Restored:N0}"} (VS-18)");
    }

    private void Say(bool ok, FormattableString good, FormattableString bad) =>
        _findings.Add(new Finding(ok, (ok ? good : bad).ToString(CultureInfo.InvariantCulture)));

    private void Say(bool ok, string good, string bad) => _findings.Add(new Finding(ok, ok ? good : bad));

    private void Say(bool ok, string good, FormattableString bad) => Say(ok, good, bad.ToString(CultureInfo.InvariantCulture));

    private void Say(bool ok, FormattableString good, string bad) => Say(ok, good.ToString(CultureInfo.InvariantCulture), bad);
}
