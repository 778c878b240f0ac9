using System.Globalization;
using System.Linq;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>The command that does a run again.</summary>
internal static class BenchLine
{
    public static string Of(BenchPlan plan)
    {
        string mode = plan.Mode switch
        {
            BenchMode.Latency => " --latency",
            BenchMode.StateTransfer => Text($" --state-transfer {plan.StateSize}"),
            BenchMode.ViewChange => $" --view-change {string.Join(',', plan.Changes.Select(each => each.ToString().ToLowerInvariant()))}",
            BenchMode.ConflictKeys => Text($" --conflict-keys {plan.Keys}"),
            BenchMode.Idle => Text($" --idle {plan.IdleTime.TotalSeconds:0.##}"),
            BenchMode.Empty => " --empty",
            _ => "",
        };
        string nodes = List(plan.Variants.Select(each => Text($"{each.Plan.Nodes}")).DefaultIfEmpty(Text($"{plan.Nodes}")));
        string orders = List(plan.Variants.Select(each => Orders.Name(each.Plan.Order)).DefaultIfEmpty(Orders.Name(plan.Order)));
        string groups = List(plan.Variants.Select(each => Text($"{each.Plan.Groups}")).DefaultIfEmpty(Text($"{plan.Groups}")));
        bool sends = plan.Mode is BenchMode.Throughput or BenchMode.Latency or BenchMode.StateTransfer or BenchMode.ConflictKeys;
        return $"groupcomm bench{mode}{(nodes == "3" ? "" : $" --nodes {nodes}")}"
            + (plan.Mode == BenchMode.Throughput && plan.Senders.Count != plan.Nodes ? $" --senders {List(plan.Senders.Select(each => Text($"{each}")))}{(plan.Senders.Count == 1 ? $",{plan.Senders[0]}" : "")}" : "")
            + (sends ? $" --size {string.Join(',', plan.Sizes)}" : "")
            + (orders == "agreed" ? "" : $" --order {orders}")
            + (groups == "1" ? "" : $" --groups {groups}")
            + (plan.Variants.Any(each => each.Plan.Tls) ? " --tls" : "")
            + (plan.Mode is BenchMode.Idle or BenchMode.Empty ? "" : Text($" --seconds {plan.Time.TotalSeconds:0.##} --rounds {plan.Rounds}"))
            + (plan.InFlight > 0 ? Text($" --inflight {plan.InFlight}") : "")
            + (plan.InProcess ? " --in-process" : "")
            + (plan.Mode is BenchMode.Throughput or BenchMode.Latency ? $" --against {(plan.Systems.Count > 1 ? string.Join(',', plan.Systems.Skip(1)) : "none")}" : "");
    }

    private static string List(System.Collections.Generic.IEnumerable<string> values) => string.Join(',', values.Distinct());

    private static string Text(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
