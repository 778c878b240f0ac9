using System;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Requests;

/// <summary>A request under way: what answers it comes here, by the session's reader.</summary>
internal abstract class Pending
{
    /// <returns>True: that was all.</returns>
    public virtual bool Reach(Receipt receipt) => false;

    public virtual void Take(Answer answer) { }

    public virtual void Done() { }

    public abstract void Fail(Exception error);
}

/// <summary>A request that is done, or failed.</summary>
internal sealed class PendingRequest : Pending
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _done.Task;

    public override void Done() => _done.TrySetResult();

    public override void Fail(Exception error)
    {
        if (_done.TrySetException(error))
            _ = _done.Task.Exception;
    }
}

/// <summary>A query: answers, then the end.</summary>
internal sealed class PendingQuery : Pending
{
    private readonly Channel<Answer> _answers = Channel.CreateUnbounded<Answer>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public ChannelReader<Answer> Answers => _answers.Reader;

    public override void Take(Answer answer) => _answers.Writer.TryWrite(answer);

    public override void Done() => _answers.Writer.TryComplete();

    public override void Fail(Exception error) => _answers.Writer.TryComplete(error);
}
