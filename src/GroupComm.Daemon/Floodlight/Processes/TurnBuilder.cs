using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>Registers a controller's handlers so that each takes its turn; and tells the process with the switches of every view.</summary>
internal sealed class TurnBuilder(IGroupBuilder group, ProcessRoom room, Control control) : IGroupBuilder
{
    public GroupOptions Options => group.Options;

    public IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null)
    {
        group.Register<T>((message, context, ct) => room.CallAsync(() => handler(message, context, ct).AsTask()), conflictKey);
        return this;
    }

    public IGroupBuilder RegisterState(Func<Stream, CancellationToken, Task> capture, Func<Stream, CancellationToken, Task> restore)
    {
        group.RegisterState((to, ct) => room.TakeTurnAsync(() => capture(to, ct)), (from, ct) => room.TakeTurnAsync(() => restore(from, ct)));
        return this;
    }

    public IGroupBuilder OnView(Func<GroupView, CancellationToken, ValueTask> handler)
    {
        group.OnView((view, ct) =>
        {
            control.Say("groupview", view.Token.ToString(), view.Members[0].Node.Name);
            return room.CallAsync(() => handler(view, ct).AsTask());
        });
        return this;
    }

    public IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler)
    {
        group.OnReset(ct => room.CallAsync(() => handler(ct).AsTask()));
        return this;
    }

    public IGroupBuilder RegisterBytes(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler) => throw Unused();

    public IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler) => throw Unused();

    public IGroupBuilder UseEvents(int capacity) => throw Unused();

    private static NotSupportedException Unused() => new("no controller of the race uses this: the simulator's kit has no word for it");
}
