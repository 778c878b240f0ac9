using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Links;

/// <summary>The output of one link: writers append under a short lock, one pump sends. The pump runs on the thread that
/// flushes while the socket takes everything at once, and goes on where the socket completes otherwise. It allocates nothing
/// per send: it resumes itself through one delegate instead of being an async method.</summary>
internal sealed class LinkSender : IThreadPoolWorkItem
{
    // Flush must not hold its caller for ever while other threads keep appending.
    private const int MaxRoundsOnCaller = 8;

    private readonly FrameLink _link;
    private readonly IByteChannel _channel;
    private readonly TransportCounters _counters;
    private readonly long _limit;
    private readonly Action _resume;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    private OutputBuffer _appending = new();
    private OutputBuffer _sending = new();
    private readonly List<ArraySegment<byte>> _gathered = new(OutputBuffer.MaxGathered);
    private ValueTaskAwaiter<int> _pendingSend;
    private long _unsent;
    private bool _pumping;
    private bool _stopped;
    private bool _dropped;

    public LinkSender(FrameLink link, IByteChannel channel, TransportCounters counters, long limit)
    {
        (_link, _channel, _counters, _limit) = (link, channel, counters, limit);
        _resume = Resume;
    }

    /// <summary>Completes when the pump will never touch the channel again.</summary>
    public Task Finished => _finished.Task;

    public long Unsent => Interlocked.Read(ref _unsent);

    /// <summary>Appends a frame with its prefix.</summary>
    public void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        uint length = (uint)head.Length + (uint)body.Length;
        Span<byte> prefix = stackalloc byte[FrameParser.PrefixSize];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, length);
        Append(prefix, head, body);
    }

    /// <summary>Appends the three parts together, or closes the link when they are too much.</summary>
    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        long total = (long)first.Length + second.Length + third.Length;
        lock (_lock)
        {
            if (_stopped)
                return;
            if (_unsent + total <= _limit)
            {
                Interlocked.Add(ref _unsent, total);
                _appending.Append(first);
                _appending.Append(second);
                _appending.Append(third);
                return;
            }
        }

        CloseFull();
    }

    /// <summary>Appends bytes that stay where they are, if the channel can send pieces; else a copy of them.</summary>
    public void Append(ISharedBytes shared, int offset, int length)
    {
        if (!_channel.Gathers)
        {
            Append(shared.Buffer.AsSpan(offset, length), default, default);
            return;
        }
        lock (_lock)
        {
            if (_stopped)
                return;
            if (_unsent + length <= _limit)
            {
                Interlocked.Add(ref _unsent, length);
                _appending.Append(shared, offset, length);
                return;
            }
        }

        CloseFull();
    }

    /// <summary>Sends what is appended, unless a pump is at it.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_pumping || _stopped || _appending.IsEmpty)
                return;
            StartRound();
        }

        Pump();
    }

    /// <summary>No more appending; sends the rest, then tells the peer.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            _stopped = true;
            if (_pumping)
                return;
            StartRound();
        }

        Pump();
    }

    /// <summary>No more appending; drops the rest. The channel must be aborted so that a send in progress ends.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            _stopped = _dropped = true;
            _appending.Clear();
            if (_pumping)
                return;
        }

        _finished.TrySetResult();
    }

    void IThreadPoolWorkItem.Execute() => Pump();

    private void CloseFull() =>
        _link.Close(new CloseReason(CloseKind.SendBufferFull, $"the peer left {Unsent} bytes unread; the limit is {_limit}"));

    private void StartRound()
    {
        _pumping = true;
        (_appending, _sending) = (_sending, _appending);
    }

    private void Resume()
    {
        if (Complete(_pendingSend))
            Pump();
    }

    private void Pump()
    {
        for (int round = 0; round < MaxRoundsOnCaller; round++)
        {
            while (!_sending.IsEmpty)
                if (!SendChunk())
                    return;
            if (!NextRound())
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <returns>False when the pump must leave: the send goes on by itself or has failed.</returns>
    private bool SendChunk()
    {
        ValueTaskAwaiter<int> send;
        try
        {
            send = (_sending.Pieces == 1 ? _channel.SendAsync(_sending.Peek()) : SendGathered()).GetAwaiter();
        }
        catch (Exception error) when (ChannelFailure.Is(error))
        {
            return Fail(error);
        }

        if (send.IsCompleted)
            return Complete(send);
        _pendingSend = send;
        send.UnsafeOnCompleted(_resume);
        return false;
    }

    private ValueTask<int> SendGathered()
    {
        if (!_channel.Gathers)
            return _channel.SendAsync(_sending.Peek());
        _sending.Gather(_gathered);
        return _channel.SendAsync(_gathered);
    }

    private bool Complete(ValueTaskAwaiter<int> send)
    {
        int bytes;
        try
        {
            bytes = send.GetResult();
        }
        catch (Exception error) when (ChannelFailure.Is(error))
        {
            return Fail(error);
        }

        _sending.Take(bytes);
        _counters.AddOut(bytes);
        Interlocked.Add(ref _unsent, -bytes);
        return true;
    }

    private bool NextRound()
    {
        lock (_lock)
        {
            if (!_appending.IsEmpty)
            {
                StartRound();
                return true;
            }

            _pumping = false;
            if (!_stopped)
                return false;
        }

        if (!_dropped)
            _channel.FinishSending();
        _finished.TrySetResult();
        return false;
    }

    private bool Fail(Exception error)
    {
        lock (_lock)
        {
            _stopped = _dropped = true;
            _pumping = false;
            _sending.Clear();
            _appending.Clear();
        }

        _finished.TrySetResult();
        _link.Close(ChannelFailure.Reason(error));
        return false;
    }
}
