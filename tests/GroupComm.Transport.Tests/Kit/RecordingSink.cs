using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tests.Kit;

/// <summary>Records every call; promotes each link at once unless told otherwise.</summary>
internal sealed class RecordingSink : ILinkSink
{
    private readonly ConcurrentDictionary<IFrameLink, LinkRecord> _records = new();
    private readonly Channel<LinkRecord> _opened = Channel.CreateUnbounded<LinkRecord>();

    /// <summary>Set by a test around its own calls of a link: no sink call may run below them.</summary>
    [field: ThreadStatic]
    public static bool CallerIsInside { get; set; }

    public int PromoteTo { get; init; } = 16 << 20;

    public Action<IFrameLink>? Opened { get; init; }

    public Action<IFrameLink, byte[]>? Frame { get; init; }

    public ICollection<LinkRecord> Records => _records.Values;

    public LinkRecord this[IFrameLink link] => _records[link];

    /// <summary>The next link that was opened.</summary>
    public async Task<LinkRecord> NextAsync() => await _opened.Reader.ReadAsync().AsTask().WaitAsync(Soon.Limit);

    public void OnOpened(IFrameLink link)
    {
        LinkRecord record = _records.GetOrAdd(link, static made => new LinkRecord(made));
        record.Enter(nameof(OnOpened));
        link.State = record;
        if (PromoteTo > 0)
            link.Promote(PromoteTo);
        Opened?.Invoke(link);
        record.Leave();
        _opened.Writer.TryWrite(record);
    }

    public void OnFrame(IFrameLink link, in ReadOnlySequence<byte> frame)
    {
        LinkRecord record = (LinkRecord)link.State!;
        record.Enter(nameof(OnFrame));
        byte[] bytes = frame.ToArray();
        try
        {
            Frame?.Invoke(link, bytes);
        }
        finally
        {
            record.Leave();
            record.AddFrame(bytes);
        }
    }

    public void OnBatchEnd(IFrameLink link)
    {
        LinkRecord record = (LinkRecord)link.State!;
        record.Enter(nameof(OnBatchEnd));
        record.AddBatch();
        record.Leave();
    }

    public void OnClosed(IFrameLink link, CloseReason reason)
    {
        LinkRecord record = (LinkRecord)link.State!;
        record.Enter(nameof(OnClosed));
        record.Leave();
        record.AddClose(reason);
    }
}
