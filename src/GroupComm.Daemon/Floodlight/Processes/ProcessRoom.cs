using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>
/// A process with a controller: a real node, and a pipe to the process with the switches. The program takes turns, as it does in
/// the simulator: what the group delivers, what switches say and what waited are never at work at once.
/// </summary>
internal sealed class ProcessRoom(Control control, IGroupCommNode node) : IControlRoom
{
    /// <summary>Everything takes so many times as long as in the simulator: so that the system's own delays are small beside it.</summary>
    public const int Slower = 8;

    private static readonly TimeSpan HandlingTime = TimeSpan.FromMicroseconds(300 * Slower);
    private static readonly TimeSpan SendingTime = TimeSpan.FromMicroseconds(150 * Slower);
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(5 * Slower);

    private readonly TaskFactory _turns = new(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<SwitchReport> _inbox = Channel.CreateUnbounded<SwitchReport>();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<SwitchState?>> _asked = new();
    private Controller _controller = null!;
    private int _lastAsk;
    private volatile bool _leaves;

    /// <summary>Joins, and handles reports from then on.</summary>
    public async Task StartAsync(Controller controller)
    {
        _controller = controller;
        await TakeTurnAsync(controller.StartAsync).ConfigureAwait(false);
        _started.SetResult();
    }

    public async Task TakeTurnAsync(Func<Task> work) => await (await _turns.StartNew(work).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>As above, for what the group calls: that may come while the join has not quite returned.</summary>
    public async ValueTask CallAsync(Func<Task> work)
    {
        await _started.Task.ConfigureAwait(false);
        await TakeTurnAsync(work).ConfigureAwait(false);
    }

    /// <summary>What comes through the pipe, until the process is told to leave.</summary>
    public async Task ListenAsync()
    {
        Task handles = HandleAsync();
        while (await control.NextAsync().ConfigureAwait(false) is var fields && fields[0] != "leave")
            switch (fields)
            {
                case ["report", var text]:
                    _inbox.Writer.TryWrite(PipeText.Report(text));
                    break;
                case ["answer", var question, var state]:
                    if (_asked.TryRemove(int.Parse(question, CultureInfo.InvariantCulture), out TaskCompletionSource<SwitchState?>? asked))
                        asked.TrySetResult(PipeText.State(state));
                    break;
                case ["tell", _]:
                    await TakeTurnAsync(TellAsync).ConfigureAwait(false);
                    break;
                default:
                    throw new FormatException($"told what is not understood: {string.Join(' ', fields)}");
            }
        _leaves = true;
        _inbox.Writer.Complete();
        await node.LeaveAsync().ConfigureAwait(false);
        await handles.ConfigureAwait(false);
    }

    public Task<IGroup> JoinAsync(Action<IGroupBuilder> configure) => node.JoinAsync(Controller.GroupName, group => configure(new TurnBuilder(group, this, control)));

    public Task WaitAsync(TimeSpan time) => Task.Delay(time * Slower);

    public void Claims() => control.Say("claims");

    public async Task WriteAsync(int to, byte[] table, FencingToken? generation)
    {
        await Task.Delay(SendingTime).ConfigureAwait(false);
        control.Say("command", PipeText.Of(to), Convert.ToHexString(table), PipeText.Of(generation));
    }

    public Task<SwitchState?> AskAsync(int from, FencingToken? generation)
    {
        var answer = new TaskCompletionSource<SwitchState?>(TaskCreationOptions.RunContinuationsAsynchronously);
        int number = Interlocked.Increment(ref _lastAsk);
        _asked[number] = answer;
        control.Say("ask", PipeText.Of(number), PipeText.Of(from), PipeText.Of(generation));
        return answer.Task;
    }

    public void Note(string text) => control.Say("note", text);

    private async Task HandleAsync()
    {
        await foreach (SwitchReport report in _inbox.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await Task.Delay(HandlingTime).ConfigureAwait(false);
            Note($"hears: {report}");
            while (!_leaves && !await TryHandleAsync(report).ConfigureAwait(false))
                await Task.Delay(RetryTime).ConfigureAwait(false);
        }
    }

    /// <summary>False: not at the moment.</summary>
    private async Task<bool> TryHandleAsync(SwitchReport report)
    {
        try
        {
            await TakeTurnAsync(() => _controller.OnReportAsync(report).AsTask()).ConfigureAwait(false);
            return true;
        }
        catch (GroupCommException)
        {
            return false;
        }
        catch (InvalidOperationException) when (_leaves)
        {
            return true;
        }
    }

    private Task TellAsync()
    {
        string[] knows = new string[Fabric.Switches];
        for (int s = 0; s < knows.Length; s++)
            knows[s] = _controller.Knows(s).ToString("x16", CultureInfo.InvariantCulture);
        control.Say("told", PipeText.Of(_controller.Duplicates), PipeText.Of(_controller.Aborts), string.Join(' ', knows));
        return Task.CompletedTask;
    }
}
