using System.Threading;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;

namespace GroupComm.Benchmarks.Tests;

/// <summary>A node of its own, public API: from SendBytesAsync to the handler, so many messages at a time.</summary>
[MemoryDiagnoser]
public class DeliveryBenchmarks
{
    private readonly byte[] _payload = new byte[64];
    private readonly ManualResetEventSlim _all = new();
    private IGroupCommNode _node = null!;
    private IGroup _group = null!;
    private int _left;

    [Params(1, 1000)]
    public int Messages { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _node = await GroupCommNode.StartAsync(new GroupCommOptions { Name = "n1", Listen = "127.0.0.1:0" }).ConfigureAwait(false);
        await _node.WaitForPrimaryAsync().ConfigureAwait(false);
        _group = await _node.JoinAsync("g", g => g.RegisterBytes((_, _, _) =>
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _all.Set();
            return ValueTask.CompletedTask;
        })).ConfigureAwait(false);
    }

    [Benchmark]
    public async Task SendAndHandle()
    {
        _all.Reset();
        Volatile.Write(ref _left, Messages);
        for (int i = 0; i < Messages; i++)
            await _group.SendBytesAsync(_payload, DeliveryOrder.Agreed).ConfigureAwait(false);
        _all.Wait();
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _node.DisposeAsync().ConfigureAwait(false);
}
