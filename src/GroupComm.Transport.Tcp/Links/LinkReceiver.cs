using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Links;

/// <summary>The input of one link: receives into pooled segments and passes whole frames on, on the thread where the receive
/// completed. The pipe serves as the segment list of this one loop; without thresholds its flush completes at once, so there is
/// no second loop and no hand-off.</summary>
internal sealed class LinkReceiver(FrameLink link, IByteChannel channel, LinkHost host)
{
    private const int MinRead = 64 << 10;
    private const int MaxRead = 256 << 10;

    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));

    private int _readSize = MinRead;
    private uint _announced;
    private long _kept;

    /// <summary>Passes frames on until the link closes. Throws only what the sink throws.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (!link.IsClosing)
            {
                Memory<byte> buffer = _pipe.Writer.GetMemory(NextReadSize());
                int count = 0;
                try
                {
                    count = await channel.ReceiveAsync(buffer, ct).ConfigureAwait(false);
                }
                catch (Exception error) when (ChannelFailure.Is(error))
                {
                    link.Close(ChannelFailure.Reason(error));
                }

                if (count > 0)
                    Take(count, buffer.Length);
                else
                    link.Close(new CloseReason(CloseKind.Remote, _kept == 0 ? "" : $"in the middle of a frame, after {_kept} bytes of it"));
            }
        }
        finally
        {
            _pipe.Writer.Complete();
            _pipe.Reader.Complete();
        }
    }

    // Small before the handshake, so that strangers cost little; then as large as the peer's bursts.
    private int NextReadSize() =>
        !link.IsPromoted ? host.Options.MaxHandshakeFrame : _announced > _kept ? (int)Math.Clamp(_announced - _kept, MinRead, MaxRead) : _readSize;

    private void Take(int count, int room)
    {
        _readSize = count == room ? Math.Min(_readSize * 2, MaxRead) : count < MinRead ? MinRead : _readSize;
        host.Counters.AddIn(count);
        _pipe.Writer.Advance(count);
        _ = _pipe.Writer.FlushAsync();
        if (!_pipe.Reader.TryRead(out ReadResult read))
            return;

        ReadOnlySequence<byte> rest = read.Buffer;
        PassFrames(ref rest);
        _kept = rest.Length;
        _pipe.Reader.AdvanceTo(rest.Start, rest.End);
    }

    private void PassFrames(ref ReadOnlySequence<byte> bytes)
    {
        bool any = false;
        while (!link.IsClosing)
        {
            switch (FrameParser.TryTake(ref bytes, link.FrameLimit, out ReadOnlySequence<byte> frame, out _announced))
            {
                case FrameStatus.Complete:
                    any = true;
                    host.Sink.OnFrame(link, in frame);
                    break;
                case FrameStatus.Incomplete:
                    if (any)
                        host.Sink.OnBatchEnd(link);
                    return;
                case FrameStatus.Empty:
                    link.Close(new CloseReason(CloseKind.Malformed, "a frame of length zero"));
                    return;
                case FrameStatus.TooLong:
                    link.Close(new CloseReason(CloseKind.Oversized, $"a frame of {_announced} bytes; the limit is {link.FrameLimit}"));
                    return;
                default:
                    throw new InvalidOperationException("unknown frame status");
            }
        }
    }
}
