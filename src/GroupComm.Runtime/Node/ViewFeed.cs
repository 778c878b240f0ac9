using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Node;

/// <summary>The current view and every later one, for any number of readers. A reader that falls too far behind fails.</summary>
internal sealed class ViewFeed
{
    private const int Kept = 1024;

    private readonly Lock _lock = new();
    private readonly List<Channel<View>> _readers = [];
    private volatile View? _current;
    private bool _ended;

    public View? Current => _current;

    public void Publish(View view)
    {
        lock (_lock)
        {
            _current = view;
            _readers.RemoveAll(reader => !Offer(reader, view));
        }
    }

    /// <summary>No view follows.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (Channel<View> reader in _readers)
                reader.Writer.TryComplete();
            _readers.Clear();
        }
    }

    public async IAsyncEnumerable<View> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        Channel<View> reader = Channel.CreateBounded<View>(Kept);
        lock (_lock)
        {
            if (_current is not null)
                reader.Writer.TryWrite(_current);
            if (_ended)
                reader.Writer.Complete();
            else
                _readers.Add(reader);
        }
        try
        {
            await foreach (View view in reader.Reader.ReadAllAsync(ct).ConfigureAwait(false))
                yield return view;
        }
        finally
        {
            lock (_lock)
                _readers.Remove(reader);
        }
    }

    private static bool Offer(Channel<View> reader, View view) =>
        reader.Writer.TryWrite(view)
        || !reader.Writer.TryComplete(new GroupCommException($"the reader of views is more than {Kept} views behind; read faster"));
}
