using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using GroupComm.Fuzz.Tests.Decoders;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>
/// The search itself: takes an input that is kept, makes others of it, and keeps each that runs a branch, or runs it about as often, as none before did.
/// Runs in a process of its own, on instrumented code. Without coverage it tries inputs of the same making on the code as it ships, many times as fast, and keeps none.
/// </summary>
internal sealed class Search : IDisposable
{
    private const int ChildrenOfOne = 200;

    private readonly Decoder _decoder;
    private readonly SearchFolder _folder;
    private readonly Trial _trial;
    private readonly Coverage? _coverage;
    private readonly Mailbox _mailbox;
    private readonly Random _random;
    private readonly List<byte[]> _kept = [];
    private readonly SearchTotals _before;

    public Search(Decoder decoder, SearchFolder folder, Coverage? coverage)
    {
        (_decoder, _folder, _trial, _coverage) = (decoder, folder, new Trial(decoder), coverage);
        _mailbox = new Mailbox(folder.Mailbox, decoder.MaxLength);
        _before = folder.Totals;
        _random = new Random(unchecked((int)_before.Executions)); // goes on elsewhere than the last one
    }

    public void Run(TimeSpan time, long most = long.MaxValue)
    {
        Begin();
        Mutator mutator = new(_random, _decoder.Words, _decoder.MaxLength);
        var clock = Stopwatch.StartNew();
        for (long saved = 0; clock.Elapsed < time && _trial.Executions < most;)
        {
            byte[] parent = Pick();
            for (int i = 0; i < ChildrenOfOne; i++)
            {
                ReadOnlySpan<byte> input = mutator.Next(parent, _kept[_random.Next(_kept.Count)]);
                if (Try(input))
                    Keep(Shortened(input.ToArray()));
            }
            if (clock.ElapsedMilliseconds - saved > 1000)
                Save(clock, ref saved);
        }
        long last = 0;
        Save(clock, ref last);
    }

    /// <summary>Inputs that together run all that the kept ones run, the short ones first.</summary>
    public IReadOnlyList<byte[]> Smallest(int most, int longest)
    {
        return [.. Everything().Where(input => input.Length <= longest).OrderBy(input => input.Length).ThenBy(Convert.ToHexString, StringComparer.Ordinal).Where(Try).Take(most)];
    }

    public void Dispose() => _mailbox.Dispose();

    private IEnumerable<byte[]> Everything() =>
        _decoder.Seeds().Concat(CorpusFile.Read(CorpusFile.Kept(_decoder.Name))).Concat(CorpusFile.Read(CorpusFile.Found(_decoder.Name))).Concat(_folder.Inputs())
            .Where(input => input.Length <= _decoder.MaxLength);

    private void Begin()
    {
        List<byte[]> all = [.. Everything()];
        foreach (byte[] input in all) // once for what runs only the first time
            _trial.Run(input);
        foreach (byte[] input in all)
            if (Try(input))
                _kept.Add(input);
        if (_kept.Count == 0)
            _kept.AddRange(all);
    }

    /// <summary>Half of the time one of the last quarter: what was found lately leads on.</summary>
    private byte[] Pick() => _random.Next(2) == 0 ? _kept[_random.Next(_kept.Count)] : _kept[_random.Next(_kept.Count * 3 / 4, _kept.Count)];

    /// <returns>Whether it runs something new.</returns>
    private bool Try(ReadOnlySpan<byte> input)
    {
        _mailbox.Put(input);
        _coverage?.Begin();
        Finding? finding = _trial.Run(input);
        if (finding is not null && _folder.Save(finding, input))
            Console.WriteLine($"{_decoder.Name}: {finding.Kind}: {finding.Text.Split('\n')[0]}");
        return finding is null && _coverage?.TakeNew() is true;
    }

    private bool Try(byte[] input) => Try(input.AsSpan());

    private void Keep(byte[] input)
    {
        _kept.Add(input);
        _folder.Keep(input);
    }

    /// <summary>Leaves out what does not change which branches run.</summary>
    private byte[] Shortened(byte[] input)
    {
        ulong shape = Shape(input);
        for (int size = input.Length / 2; size > 0; size /= 2)
            for (int at = 0; at + size <= input.Length;)
            {
                byte[] shorter = [.. input[..at], .. input[(at + size)..]];
                if (Shape(shorter) == shape)
                    input = shorter;
                else
                    at += size;
            }
        return input;
    }

    private ulong Shape(byte[] input)
    {
        _mailbox.Put(input);
        _coverage?.Begin();
        return _trial.Run(input) is null ? _coverage!.Shape() : 0;
    }

    private void Save(Stopwatch clock, ref long saved)
    {
        saved = clock.ElapsedMilliseconds;
        _folder.Totals = new SearchTotals(
            _before.Executions + _trial.Executions, _before.Guided + (_coverage is null ? 0 : _trial.Executions), _before.Accepted + _trial.Accepted, _before.Seconds + clock.Elapsed.TotalSeconds,
            Math.Max(_before.Edges, _coverage?.Edges ?? 0), Math.Max(_before.SlowestMs, _trial.Slowest.TotalMilliseconds), Math.Max(_before.LargestPart, _trial.LargestPart));
    }
}
