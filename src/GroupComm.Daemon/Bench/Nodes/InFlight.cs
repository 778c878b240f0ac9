using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>Lets a sender have so many of its own messages under way; 0: any number.</summary>
internal sealed class InFlight(int most)
{
    private readonly SemaphoreSlim _free = new(most == 0 ? 1 : most);

    public ValueTask EnterAsync()
    {
        if (most == 0 || _free.Wait(0))
            return default;
        return new ValueTask(_free.WaitAsync());
    }

    /// <summary>An own message was delivered.</summary>
    public void Leave()
    {
        if (most > 0)
            _free.Release();
    }
}
