using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.State;

/// <summary>Runs the application's capture and restore. Never throws: what came of it is in the work.</summary>
internal static class StateRun
{
    public static async Task CaptureAsync(CaptureWork work, StateHub hub, Func<Stream, CancellationToken, Task> capture, CancellationToken stop)
    {
        using CancellationTokenSource given = CancellationTokenSource.CreateLinkedTokenSource(work.Given, stop);
        CancellationToken gone = given.Token;
        StateGiver giver = new(work.Key, hub.Limit, gone);
        Task carry = Task.Run(() => giver.CarryAsync(ct => hub.ConnectAsync(giver, work.Key, work.Joiner, ct)), CancellationToken.None);
        Exception? failure = null;
        try
        {
            await Task.Run(() => capture(giver.Stream, gone), CancellationToken.None).ConfigureAwait(false);
            giver.Complete();
        }
        catch (Exception error)
        {
            failure = error;
            if (gone.IsCancellationRequested)
                giver.GiveUp();
            else
                giver.Abort(error);
        }
        (work.Bytes, work.Digest) = (giver.Stream.Written, giver.Stream.Digest);
        work.Outcome = failure is null ? StateOutcome.Done : giver.Lost || gone.IsCancellationRequested ? StateOutcome.Retry : StateOutcome.Failed;
        work.Error = failure;
        // The tail leaves by itself; if that fails, the joiner asks again.
        _ = carry.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public static async Task RestoreAsync(AwaitWork work, StateHub hub, Func<Stream, CancellationToken, Task> restore, CancellationToken stop)
    {
        StateTaker? taker = null;
        StateReadStream? stream = null;
        using CancellationTokenSource given = CancellationTokenSource.CreateLinkedTokenSource(work.Given, stop);
        try
        {
            taker = await hub.TakeAsync(work.Key, given.Token).ConfigureAwait(false);
            stream = new StateReadStream(taker, hub.Limit, given.Token);
            await Task.Run(() => restore(stream, given.Token), CancellationToken.None).ConfigureAwait(false);
            await stream.FinishAsync().ConfigureAwait(false);
            (work.Outcome, work.Digest, work.Bytes) = (StateOutcome.Done, stream.Digest, stream.Position);
        }
        catch (Exception error)
        {
            work.Error = stream?.Failure ?? error;
            bool ours = stream is null || stream.Failure is not (null or CaptureFailedException) || given.IsCancellationRequested;
            work.Outcome = ours ? StateOutcome.Retry : StateOutcome.Failed;
        }
        if (taker is null || work.Outcome != StateOutcome.Done)
            hub.Refuse(work.Key);
        taker?.Close(work.Outcome == StateOutcome.Done ? "the state is here" : "given up");
    }

    public static async Task EmptyAsync(EmptyWork work, Func<Stream, CancellationToken, Task> restore, CancellationToken stop)
    {
        try
        {
            await restore(Stream.Null, stop).ConfigureAwait(false);
            work.Outcome = StateOutcome.Done;
        }
        catch (Exception error)
        {
            (work.Outcome, work.Error) = (StateOutcome.Failed, error);
        }
    }
}
