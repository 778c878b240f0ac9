using System.Threading.Tasks;
using System.Threading.Channels;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.State;

/// <summary>Donor and joiner on one node: messages go across in order, on the pool, as if there were a connection.</summary>
internal sealed class LocalWire : IStateWire
{
    private readonly Channel<Message> _queue = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>The end that hears what is sent here.</summary>
    public IStateEnd Other { get; set; } = null!;

    /// <summary>The wire of the other end: closing is for both.</summary>
    public LocalWire Back { get; set; } = null!;

    public void Start() => _ = Task.Run(CarryAsync);

    public void Send(Message message) => _queue.Writer.TryWrite(message);

    public void Close(string why)
    {
        _queue.Writer.TryComplete();
        Back._queue.Writer.TryComplete();
    }

    private async Task CarryAsync()
    {
        await foreach (Message message in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
            if (!Other.Received(message))
                Close("nonsense");
        Other.Closed("the other end closed the transfer");
    }
}
