using System;
using System.Globalization;
using System.Text;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

// What is found, in words.
internal sealed partial class KitApp
{
    // A handler that has waited so long on virtual time at the end of a schedule holds up its group.
    private const long TooLong = 2_000_000;

    private (string Rule, string? Message, string Text)? _finding;

    /// <summary>The step after which it showed.</summary>
    public string? Message => _finding?.Message;

    public void Report(string rule, string? message, string text) => _finding ??= (rule, message, text);

    public void Failed(KitProcess process, string what, Exception error, bool always = false)
    {
        if (options.HandlersMayThrow && !always)
            Tell($"{what} at {process.Name} throws {error.GetType().Name}: {error.Message}");
        else
            Report(KitRules.NoFailure, what, $"{what} at {process.Name} throws {error.GetType().Name}: {error.Message}\n{error.StackTrace}");
    }

    public void Differ(string? restoredFrom, string last, KitState state, KitState other)
    {
        string states = $"  {other.Replica}: {KitStory.State(other.Digest)}\n  {state.Replica}: {KitStory.State(state.Digest)}";
        if (restoredFrom is not null)
            Report(KitRules.Transferable, last,
                $"{state.Replica} differs after the restore of what {restoredFrom} captured:\n{states}\ncapture must write all of the state, and restore must replace all of it");
        else if (state.History.Sequence == other.History.Sequence)
            Report(KitRules.Deterministic, last,
                $"the replicas differ first after {last}:\n{states}\nboth handled the same messages in the same order, so a handler is not deterministic: it uses a clock, a random number, a new GUID, "
                + "an identity of its node, the order of a hash table, or something that is not in the captured state");
        else
            Report(KitRules.Commuting, last,
                $"the replicas differ after {last}:\n{states}\nboth handled the same messages, but concurrent ones in another order, and the handlers of these do not commute: send them with DeliveryOrder.Agreed");
    }

    private void ReportForeign() => Report(KitRules.VirtualTime, null,
        $"something went on on another thread, while this had not ended: {OpenCalls()}.\nHandlers, providers, clients and setup may await what the group gives and what ISimulatedNode.Time measures, nothing else: "
        + "no I/O, no Task.Run, no Task.Delay without that time, and no ConfigureAwait(false) over something that waits. It cannot be replayed");

    private string OpenCalls()
    {
        var text = new StringBuilder();
        foreach (KitProcess? process in _processes)
            if (process is not null)
                foreach (KitCall call in process.Calls)
                    text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? "" : ", ")}{call.What} at {call.Where}");
        return text.Length == 0 ? "a call that nobody waits for" : text.ToString();
    }

    public void End()
    {
        foreach (KitProcess? process in _processes)
            if (process is { Runs: true })
                Do(() => End(process));
    }

    private void End(KitProcess process)
    {
        foreach (KitCall call in process.Calls)
            if (process.Waits == 0)
                Report(KitRules.VirtualTime, call.What,
                    string.Create(CultureInfo.InvariantCulture, $"{call.What} at {call.Where} awaits something that does not come on virtual time, since {call.Began / 1000} ms: I/O, another thread, or Task.Delay without ISimulatedNode.Time. "
                    + $"Await what the group gives and what that time measures, nothing else"));
            else if (call.IsHandler && Cluster.Now - call.Began > TooLong)
                Report(KitRules.VirtualTime, call.What,
                    string.Create(CultureInfo.InvariantCulture, $"{call.What} at {call.Where} has not ended after {(Cluster.Now - call.Began) / 1000} ms of virtual time, and nothing after it is handled there: a handler should end soon"));
        foreach (KitMember member in process.Members)
            member.CheckUntouched();
    }
}
