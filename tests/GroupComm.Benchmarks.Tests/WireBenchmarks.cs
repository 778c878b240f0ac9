using BenchmarkDotNet.Attributes;
using GroupComm.Core.Messages;
using GroupComm.Wire;

namespace GroupComm.Benchmarks.Tests;

/// <summary>One bundle to a frame and back, checksum included.</summary>
[MemoryDiagnoser]
public class WireBenchmarks
{
    private const uint Generation = 3;

    private readonly FrameEncoder _encoder = new(checksum: true);
    private readonly FrameDecoder _decoder = new(new PlainBlocks(), checksum: true);
    private Bundle _bundle = null!;
    private byte[] _frame = [];

    [Params(1, 100)]
    public int Messages { get; set; }

    [Params(64, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bundle = Bundles.Of(1, 1, Messages, Size);
        EncodedFrame frame = _encoder.Encode(_bundle, Generation);
        _frame = [.. frame.Head[WireLimits.Prefix..], .. frame.Body, .. frame.Tail];
    }

    [Benchmark]
    public int Encode() => _encoder.Encode(_bundle, Generation).Length;

    [Benchmark]
    public int Decode()
    {
        FrameStatus status = _decoder.Decode(_frame, Generation, out Message? message, out string? error);
        return status == FrameStatus.Message ? ((Bundle)message!).Count : throw new System.InvalidOperationException(error);
    }
}
