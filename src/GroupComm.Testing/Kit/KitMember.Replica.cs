using System;
using System.IO;
using System.Threading.Tasks;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

// The replica: compared after each step, captured at a donor, restored at a joiner.
internal sealed partial class KitMember
{
    private Func<string>? _digest;
    private KitHistory? _history = default(KitHistory); // null: nobody else has the same
    private string? _lastDigest;
    private string _last = "the start";
    private string? _restoredFrom;
    private bool _held;
    private long _point = -1;

    /// <summary>Setup has said how to look at the replica.</summary>
    public void Watch(Func<string> digest)
    {
        _digest = digest;
        Compare();
    }

    public bool IsHeld => _held;

    /// <summary>It is back without a state from others: it forgets, or it has what the group begins anew with.</summary>
    public void Rejoin()
    {
        if (_held) // for a state that an earlier life was to get; what came after it there is of no use
        {
            DropQueue();
            (_held, _point) = (false, -1);
        }
        if (Builder.Restore is null && Builder.Reset is null)
            _history = null; // it keeps what it has, and knows not what it missed
        if (Builder.Restore is null)
            Push(new KitNotice(new Reset()));
    }

    private void Forget() => (_history, _lastDigest, _last) = (default(KitHistory), null, "OnReset");

    private void Handled(ulong item, string text, bool isMessage)
    {
        _history = _history?.With(item);
        _last = text;
        _restoredFrom = isMessage ? null : _restoredFrom;
        string? state = Compare();
        _app.Tell($"{Self} handles {text}{(state is null ? "" : $": {KitStory.Short(state)}")}");
    }

    private string? Compare()
    {
        if (_digest is null || Digest() is not { } digest)
            return null;
        _lastDigest = digest;
        if (_history is { } history && _app.States.Compare(Name, new KitState(history, digest, $"{Self}", _last)) is { } other)
            _app.Differ(_restoredFrom, _last, new KitState(history, digest, $"{Self}", _last), other);
        return digest;
    }

    private string? Digest()
    {
        try
        {
            return _process.Pump.Enter(_digest!);
        }
        catch (Exception error)
        {
            _app.Failed(_process, "the digest", error, always: true);
            return null;
        }
    }

    /// <summary>Between two steps nothing may have changed.</summary>
    public void CheckUntouched()
    {
        if (_digest is null || _running || _lastDigest is null || Digest() is not { } now || string.Equals(now, _lastDigest, StringComparison.Ordinal))
            return;
        _app.Report(KitRules.OnlyInHandlers, _last,
            $"the state of {Self} changed outside of its handlers, some time after {_last}:\n  it was {KitStory.State(_lastDigest)}\n  it is  {KitStory.State(now)}\nchange the state in handlers only: a client sends, and the handlers of all replicas apply");
    }

    private void Handle(KitCapture capture)
    {
        var bytes = new MemoryStream();
        Run("capture", () => new ValueTask(Builder.Capture!(bytes, _stop.Token)), () =>
        {
            if (_process.Node.Life != capture.Life || !_process.Node.Alive)
                return;
            capture.Transfer.AppState = new KitSnapshot(bytes.ToArray(), _history, $"{Self}");
            _app.Tell($"{Self} captures its state after {_last}");
            _process.Cluster.SendState(_process.Node, capture.Transfer);
        });
    }

    /// <summary>Handles nothing until the state of that point is restored. What was held for an earlier attempt is in the new one.</summary>
    public void AwaitState(long point)
    {
        DropQueue();
        (_held, _point, _lastDigest) = (true, point, null);
    }

    public void BeginRestore(SimTransfer transfer)
    {
        if (!_held || _point != transfer.Point || _ended is not null)
            return;
        var snapshot = (KitSnapshot)transfer.AppState!;
        Restore(new MemoryStream(snapshot.Bytes), () =>
        {
            if (_point != transfer.Point)
                return;
            (_held, _history, _last, _restoredFrom) = (false, snapshot.History, $"the restore of what {snapshot.Donor} captured", snapshot.Donor);
            Compare();
            _app.Tell($"{Self} restores the state of {snapshot.Donor}");
            _process.Cluster.EndRestore(_process.Node, transfer);
        });
    }

    private void RestoreNothing() => Restore(new MemoryStream(), () =>
    {
        (_held, _history, _last) = (false, default(KitHistory), "the restore of an empty state");
        Tell(new Reset());
    });

    private void Restore(MemoryStream stream, Action end) => Run("restore", () => new ValueTask(Builder.Restore!(stream, _stop.Token)), end);
}
