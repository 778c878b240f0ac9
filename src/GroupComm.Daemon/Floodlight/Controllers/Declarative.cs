using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// Declarative: a set of facts that only grows, and rules over it. Sets that hold the same give the same tables, in whatever
/// order the facts came: so the cheapest order is enough. Every replica that hears something new tells it; only the master emits.
/// </summary>
internal sealed class Declarative(IControlRoom room) : Controller(room)
{
    private readonly SortedSet<Fact> _facts = new(Comparer<Fact>.Create(static (a, b) => (a.Switch, a.Port, a.Version).CompareTo((b.Switch, b.Port, b.Version))));
    private readonly TableWriter _writer = new(room);

    public override ulong Knows(int of) => _facts.Where(fact => fact.Switch == of)
        .Aggregate(0UL, static (known, fact) => known | (fact.Port < 0 ? (2UL << fact.Version) - 1 : 1UL << fact.Version));

    public override string Digest() => string.Join(' ', _facts.Select(static fact => string.Create(CultureInfo.InvariantCulture, $"{fact.Switch}.{fact.Port}@{fact.Version}{(fact.Holds ? "+" : "-")}")));

    protected override void Configure(IGroupBuilder group) => group
        .Register<Facts>(AddAsync)
        .RegisterState(CaptureAsync, RestoreAsync);

    public override async ValueTask OnReportAsync(SwitchReport report)
    {
        Fact[] unknown = [.. FactsOf(report).Where(fact => !_facts.Contains(fact))];
        if (unknown.Length > 0)
            await Group.SendAsync(new Facts(unknown));
    }

    private static IEnumerable<Fact> FactsOf(SwitchReport report) => report.IsHello
        ? Enumerable.Range(-1, Fabric.Ports(report.Switch) + 1).Select(port => new Fact(report.Switch, port, report.Version, port < 0 || report.IsUp(port)))
        : [new Fact(report.Switch, report.Port, report.Version, report.IsUp(report.Port))];

    private ValueTask AddAsync(Facts facts, MessageContext context, CancellationToken ct)
    {
        bool grew = false;
        foreach (Fact fact in facts.New)
            if (_facts.Add(fact))
                grew = true;
        Duplicates += grew ? 0 : 1;
        foreach (Fact fact in facts.New)
            if (fact.Port < 0 && grew)
                _writer.Forget(fact.Switch);
        if (grew)
            Emit();
        return default;
    }

    protected override ValueTask OnViewAsync(bool promoted)
    {
        if (promoted)
            _writer.ForgetAll();
        if (IsMaster)
            Emit();
        else
            _writer.Stop();
        return default;
    }

    private void Emit()
    {
        if (!IsMaster)
            return;
        var rules = new FactRules(_facts);
        byte[]?[] tables = Routes.Compute(rules.Up);
        for (int s = 0; s < Fabric.Switches; s++)
            if (!rules.Present(s))
                tables[s] = null;
        _writer.Want(tables, View!.Token);
    }

    private Task CaptureAsync(Stream to, CancellationToken ct)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(_facts.Count);
        foreach (Fact fact in _facts)
        {
            writer.Write(fact.Switch);
            writer.Write(fact.Port);
            writer.Write(fact.Version);
            writer.Write(fact.Holds);
        }
        return Task.CompletedTask;
    }

    private Task RestoreAsync(Stream from, CancellationToken ct)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        _facts.Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
            _facts.Add(new Fact(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBoolean()));
        return Task.CompletedTask;
    }
}
