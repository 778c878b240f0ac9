using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Kit;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Floodlight.Simulated;

/// <summary>A simulated process with a controller. Handling a report, and sending a table, take time: so a crash or a pause may meet
/// the program in the middle.</summary>
internal sealed class SimRoom(Stage stage, KitProcess process) : IControlRoom, IPlayer
{
    // What a controller needs to take a report, and to send a table.
    private const long HandlingTime = 300;
    private const long SendingTime = 150;

    private const long AnswerTimeout = 20_000;
    private const long RetryTime = 5_000;

    private readonly Queue<SwitchReport> _inbox = new();
    private bool _handles;

    public Controller Controller { get; set; } = null!;

    public KitProcess Process => process;

    public SimNode Node => process.Node;

    public string Name => Node.Name;

    public int ViewSize => Node.View?.Members.Count ?? 0;

    public bool Leads => Controller.IsMaster && IsCurrent;

    public bool HasJoined => Controller.View is not null;

    /// <summary>The switches know it.</summary>
    public bool Connected { get; private set; }

    /// <summary>How many masters had been promoted when it became one.</summary>
    public int Tenure { get; private set; }

    /// <summary>Its view is the latest: it has not been left behind.</summary>
    public bool IsCurrent
    {
        get
        {
            foreach (SimRoom other in stage.Rooms)
                if (other.Controller.View is { } view && Controller.View is { } own && own.Token < view.Token)
                    return false;
            return Node.Primary;
        }
    }

    /// <summary>Every switch that is on says hello.</summary>
    public void Connect()
    {
        Connected = true;
        foreach (Switch each in stage.Network.Switches)
            if (each.Powered)
                stage.Send(this, SwitchReport.Hello(each));
    }

    public void Receive(SwitchReport report)
    {
        _inbox.Enqueue(report);
        if (!_handles)
            HandleNext();
    }

    private void HandleNext()
    {
        _handles = _inbox.Count > 0;
        if (!_handles)
            return;
        SwitchReport report = _inbox.Dequeue();
        process.Later(HandlingTime, () =>
        {
            stage.Watch?.Happens(stage.Now, Node.Index, $"hears: {report}");
            Handle(report);
        });
    }

    private void Handle(SwitchReport report)
    {
        process.Call($"report {report.Switch}.{report.Version}", null, () => Controller.OnReportAsync(report), error =>
        {
            if (error is null)
                HandleNext();
            else if (error is GroupCommException)
                process.Later(RetryTime, () => Handle(report)); // not primary at the moment
            else if (error is not InvalidOperationException || !Node.LeaveAsked) // who leaves handles no more
                process.App.Failed(process, "a controller", error, always: true);
        });
    }

    public Task<IGroup> JoinAsync(Action<IGroupBuilder> configure) => process.JoinAsync(Controller.GroupName, configure);

    public Task WaitAsync(TimeSpan time) => WaitAsync((long)time.TotalMicroseconds);

    public void Claims() => Tenure = stage.NewTenure();

    public async Task WriteAsync(int to, byte[] table, FencingToken? generation)
    {
        await WaitAsync(SendingTime);
        stage.Command(this, to, table, generation);
    }

    public Task<SwitchState?> AskAsync(int from, FencingToken? generation)
    {
        var answer = new KitTask<SwitchState?>(process, CancellationToken.None);
        stage.Ask(this, from, generation, answer.Done);
        process.Later(AnswerTimeout, () => answer.Done(null));
        return answer.Task;
    }

    public void Note(string text) => stage.Watch?.Happens(stage.Now, Node.Index, text);

    private Task WaitAsync(long time)
    {
        var over = new KitTask<bool>(process, CancellationToken.None);
        process.Later(time, () => over.Done(true));
        return over.Task;
    }
}
