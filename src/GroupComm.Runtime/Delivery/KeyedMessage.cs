using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Telemetry;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// One message with a conflict key, from its reading until its handler and its event are done: its own context, and a hold
/// on its unit's memory. Pooled by its handler.
/// </summary>
internal abstract class KeyedMessage : IThreadPoolWorkItem
{
    private readonly Member _member;
    private readonly KeyedWork _work;
    private readonly DeliveryContext _context;
    private readonly ContextCallback _run;
    private readonly Action _resume;
    private readonly HandlerWatch _timing;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _waiting;
    private ReadOnlySequence<byte> _payload;
    private Exception? _failure;
    private bool _unread;

    protected KeyedMessage(Member member, KeyedWork work)
    {
        (_member, _work, _context) = (member, work, new DeliveryContext(member));
        _run = static self => ((KeyedMessage)self!).Run();
        _resume = Resume;
        _timing = member.NewTiming();
    }

    /// <summary>Its place in the schedule.</summary>
    public int Item { get; set; }

    public KeyedUnit Unit { get; private set; } = null!;

    /// <summary>Its handler is done; its event may have to wait for those before it.</summary>
    public bool IsHandled { get; set; }

    /// <summary>Reads the message and its key, in delivery order. What cannot be read conflicts with nothing and is passed
    /// over; a key function that throws is a failure of the handler, and the message conflicts with everything.</summary>
    public MessageKey? Begin(KeyedUnit unit, LocalGroupView view, int index, in ReadOnlySequence<byte> payload)
    {
        (Unit, IsHandled, _failure, _unread, _payload) = (unit, false, null, false, payload);
        _context.Move(unit.Unit, view, unit.Unit.First + index, unit.Unit.Position + index);
        try
        {
            return ReadKey(payload) is { } key ? new MessageKey(key) : null;
        }
        catch (UndecodableException error)
        {
            _unread = true;
            _member.CannotRead(unit.Unit, error);
            return new MessageKey(this);
        }
        catch (Exception error)
        {
            _failure = error;
            return null;
        }
    }

    public MessageDelivered ToEvent() => new(
        _context.Id, _context.Sender, _context.Order, Unit.Unit.Segment.TypeId, _payload.ToArray(), _context.Position);

    /// <summary>Everything is done; the object may be used again.</summary>
    public void End()
    {
        _context.Leave();
        _payload = default;
        Unit = null!;
        Return();
    }

    void IThreadPoolWorkItem.Execute() => ExecutionContext.Run(_member.Scope, _run, this);

    /// <summary>Reads the message and answers its key.</summary>
    protected abstract object? ReadKey(in ReadOnlySequence<byte> payload);

    protected abstract ValueTask Call(MessageContext context, CancellationToken ct);

    protected abstract void Return();

    private void Run()
    {
        try
        {
            if (_failure is { } failure)
            {
                Fail(failure);
                return;
            }
            if (!_unread && !_member.IsSkipping)
            {
                _timing.Begin(Unit.Unit);
                ValueTask call = Call(_context, _member.Stopping);
                if (!call.IsCompleted)
                {
                    _waiting = call.ConfigureAwait(false).GetAwaiter();
                    _waiting.UnsafeOnCompleted(_resume);
                    return;
                }
                call.GetAwaiter().GetResult();
            }
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }
        Handled();
    }

    private void Resume()
    {
        try
        {
            _waiting.GetResult();
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }
        Handled();
    }

    private void Handled()
    {
        _timing.End(1);
        _work.Handled(this);
    }

    private void Fail(Exception error) => _ = FailAsync(error);

    private async Task FailAsync(Exception error)
    {
        _timing.Fail(error);
        await _member.FailKeyedAsync(error).ConfigureAwait(false);
        Handled();
    }
}
