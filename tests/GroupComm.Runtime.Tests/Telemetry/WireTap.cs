using System;
using System.Buffers;
using System.Text;
using System.Threading;
using GroupComm.Transport;

namespace GroupComm.Runtime.Tests.Telemetry;

/// <summary>Passes everything on and counts the frames that hold a text.</summary>
internal sealed class WireTap(ILinkSink sink, string text) : ILinkSink
{
    private readonly byte[] _text = Encoding.ASCII.GetBytes(text);
    private int _found;

    public int Found => Volatile.Read(ref _found);

    public void OnOpened(IFrameLink link) => sink.OnOpened(link);

    public void OnFrame(IFrameLink link, in ReadOnlySequence<byte> frame)
    {
        if (frame.ToArray().AsSpan().IndexOf(_text) >= 0)
            Interlocked.Increment(ref _found);
        sink.OnFrame(link, frame);
    }

    public void OnBatchEnd(IFrameLink link) => sink.OnBatchEnd(link);

    public void OnClosed(IFrameLink link, CloseReason reason) => sink.OnClosed(link, reason);
}
