using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// Transactional handlers: a handler runs at once, at one replica, on what that replica knows, and its outcome is multicast in
/// safe order: also a master that was left behind must not have certified in another. On delivery everybody certifies it alike:
/// if anything that it read has changed since, it aborts, and its origin runs it again; else it commits and the master sends the tables. Every commit keeps what was before, so that an operator
/// can roll a change back. Reports are shared out by the switch's number; a view shares out anew what the dead had not committed.
/// </summary>
internal sealed class Transactional(IControlRoom room) : Controller(room)
{
    private readonly TransactionStore _store = new();
    private readonly TableWriter _writer = new(room);
    private readonly List<SwitchReport> _heard = [];
    private long _lastOwn;

    /// <summary>Identities of committed transactions, the latest last.</summary>
    public IReadOnlyList<string> Committed => _store.Committed;

    public override ulong Knows(int of) => _store.Network.Seen(of);

    public override string Digest() => _store.ToString();

    protected override void Configure(IGroupBuilder group) => group
        .Register<Transaction>(CertifyAsync)
        .RegisterState(_store.CaptureAsync, _store.RestoreAsync);

    public override async ValueTask OnReportAsync(SwitchReport report)
    {
        if (_store.Network.HasSeen(report))
            return;
        if (!_heard.Contains(report))
            _heard.Add(report);
        if (IsOwn(report))
            await RunAsync(report);
    }

    /// <summary>An operator puts a table into a switch by hand; the identity of the transaction.</summary>
    public async Task<string> PinAsync(int to, byte[] table)
    {
        Transaction pin = _store.Begin(NextId(), null) with { Tables = [new TableWrite(to, table)] };
        await Group.SendAsync(pin);
        return pin.Id;
    }

    /// <summary>An operator undoes a committed transaction: its tables get what stood there before.</summary>
    public async Task RollBackAsync(string id)
    {
        if (_store.BeforeOf(id) is { } before)
            await Group.SendAsync(_store.Begin(NextId(), null) with { Tables = before });
    }

    private bool IsOwn(SwitchReport report) => View is { } view && view.Members[report.Switch % view.Members.Count] == Group.Self;

    private string NextId() => $"{Group.Self}:{++_lastOwn}";

    private async Task RunAsync(SwitchReport report) => await Group.SendAsync(_store.Run(NextId(), report));

    private async ValueTask CertifyAsync(Transaction transaction, MessageContext context, CancellationToken ct)
    {
        if (transaction.Report is { } report && _store.Network.HasSeen(report))
        {
            Duplicates++;
            return;
        }
        if (!_store.Certify(transaction))
        {
            Aborts++;
            if (context.Sender == Group.Self && transaction.Report is { } again)
                await context.SendAsync(_store.Run(NextId(), again), DeliveryOrder.Safe, ct);
            return;
        }
        _store.Commit(transaction);
        if (transaction.Report is { } done)
        {
            _heard.Remove(done);
            if (done.IsHello)
                _writer.Forget(done.Switch);
        }
        if (IsMaster)
            _writer.Want(_store.Tables, View!.Token);
    }

    protected override async ValueTask OnViewAsync(bool promoted)
    {
        if (promoted)
            _writer.ForgetAll();
        if (IsMaster)
            _writer.Want(_store.Tables, View!.Token);
        else
            _writer.Stop();
        _heard.RemoveAll(_store.Network.HasSeen);
        foreach (SwitchReport report in _heard.Where(IsOwn).ToArray())
            await RunAsync(report);
    }
}
