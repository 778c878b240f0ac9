using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Exchange;

/// <summary>One unicast on its way into the core. It may wait for room; a cancellation ends only that wait.</summary>
internal sealed class UnicastRequest(ExchangeDesk desk, NodeId to, DirectItem item, bool fromHandler) : TurnInput
{
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeId To => to;

    public DirectItem Item => item;

    public bool FromHandler => fromHandler;

    public Task Sent => _sent.Task;

    /// <summary>Guards who decides its end: the core's owner or a cancellation. Nothing foreign runs inside.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Its end is decided; inside <see cref="Gate"/>.</summary>
    public bool IsDecided { get; set; }

    public override void Apply(NodeCore core, long now, EffectList effects) => desk.Send(core, this);

    public override void Discard() => Refuse(desk.Over());

    /// <summary>Fails it, unless its end is decided.</summary>
    public void Refuse(Exception error)
    {
        lock (Gate)
        {
            if (IsDecided)
                return;
            IsDecided = true;
        }
        Fail(error);
    }

    public void Complete() => _sent.TrySetResult();

    public void Fail(Exception error)
    {
        _sent.TrySetException(error);
        _ = _sent.Task.Exception;
    }

    public async ValueTask WaitAsync(CancellationToken ct)
    {
        using CancellationTokenRegistration registration = ct.UnsafeRegister(
            static (self, token) =>
            {
                var request = (UnicastRequest)self!;
                lock (request.Gate)
                {
                    if (request.IsDecided)
                        return;
                    request.IsDecided = true;
                }
                request._sent.TrySetCanceled(token);
            },
            this);
        await _sent.Task.ConfigureAwait(false);
    }
}
