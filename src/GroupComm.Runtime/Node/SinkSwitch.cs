using System;
using System.Buffers;
using GroupComm.Transport;

namespace GroupComm.Runtime.Node;

/// <summary>Stands between a transport and the links, which need the bound address before they can exist: connections of the
/// first moments wait for them.</summary>
internal sealed class SinkSwitch : ILinkSink
{
    private readonly System.Threading.ManualResetEventSlim _ready = new();
    private ILinkSink? _target;

    public void Connect(ILinkSink target)
    {
        _target = target;
        _ready.Set();
    }

    public void OnOpened(IFrameLink link)
    {
        if (!_ready.IsSet && !_ready.Wait(TimeSpan.FromSeconds(5)))
            link.Close(new CloseReason(CloseKind.Local, "this node did not start"));
        _target?.OnOpened(link);
    }

    public void OnFrame(IFrameLink link, in ReadOnlySequence<byte> frame) => _target?.OnFrame(link, frame);

    public void OnBatchEnd(IFrameLink link) => _target?.OnBatchEnd(link);

    public void OnClosed(IFrameLink link, CloseReason reason)
    {
        if (link.State is not null)
            _target?.OnClosed(link, reason);
    }
}
