using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Node;

/// <summary>Lets callers wait until the node is in a primary view, or until it is certain that it will not be.</summary>
internal sealed class PrimaryGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = New();
    private volatile bool _primary;
    private Func<Exception>? _failure;

    public bool IsPrimary => _primary;

    public Task WaitAsync(CancellationToken ct)
    {
        lock (_lock)
            return _opened.Task.WaitAsync(ct);
    }

    public void Set(bool primary)
    {
        lock (_lock)
        {
            if (_failure is not null || primary == _primary)
                return;
            _primary = primary;
            if (primary)
                _opened.TrySetResult();
            else
                _opened = New();
        }
    }

    /// <summary>It will not be primary any more; the first reason counts.</summary>
    public void Fail(Func<Exception> failure)
    {
        lock (_lock)
        {
            if (_failure is not null)
                return;
            _failure = failure;
            _primary = false;
            if (_opened.Task.IsCompleted)
                _opened = New();
            _opened.SetException(failure());
            _ = _opened.Task.Exception;
        }
    }

    /// <summary>Why it failed; null when it did not.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_lock)
                return _failure?.Invoke();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
