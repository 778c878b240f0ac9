using System.Buffers;

namespace GroupComm.Transport;

/// <summary>Who hears of links. The calls of one link never overlap and come in this order: OnOpened, then OnFrame and
/// OnBatchEnd, then OnClosed. Calls of different links do overlap. No call runs on the stack of <see cref="IFrameLink"/>'s
/// Write, Flush, Promote or Close, nor of the dial, so a sink may take a lock that is held around those. A sink must not throw:
/// if it does, the link is closed and the error logged.</summary>
internal interface ILinkSink
{
    /// <summary>Accepted or dialled; write the handshake here.</summary>
    void OnOpened(IFrameLink link);

    /// <summary>One complete frame without its length prefix, at least one byte. The bytes are valid during the call only.</summary>
    void OnFrame(IFrameLink link, in ReadOnlySequence<byte> frame);

    /// <summary>Every complete frame of one socket read has been passed on (at least one). Not called once the link is closing.</summary>
    void OnBatchEnd(IFrameLink link);

    /// <summary>Exactly once for every link that was opened, and its last call. Also ends an open batch.</summary>
    void OnClosed(IFrameLink link, CloseReason reason);
}
