using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Testing.Kit;

/// <summary>Something that user code waits for on virtual time. While it is open its process is not stuck.</summary>
internal sealed class KitTask<T>
{
    // Not asynchronous: with ConfigureAwait(false) the continuation runs right here, on the simulation's thread.
    private readonly TaskCompletionSource<T> _source = new();
    private readonly KitProcess _process;
    private readonly CancellationTokenRegistration _cancel;

    public KitTask(KitProcess process, CancellationToken ct)
    {
        _process = process;
        process.Waits++;
        _cancel = ct.Register(() => process.Later(0, () => End(() => _source.TrySetCanceled(ct))));
    }

    public Task<T> Task => _source.Task;

    public bool IsOpen => !_source.Task.IsCompleted;

    public void Done(T value) => End(() => _source.TrySetResult(value));

    public void Fail(Exception error) => End(() =>
    {
        bool set = _source.TrySetException(error);
        _ = _source.Task.Exception; // nobody has to look at it
        return set;
    });

    private void End(Func<bool> set)
    {
        if (!IsOpen)
            return;
        _process.Waits--;
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            set();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
        _cancel.Unregister();
    }
}
