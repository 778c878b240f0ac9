using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GroupComm.Fuzz.Tests.Decoders;
using GroupComm.Fuzz.Tests.Loop;
using Xunit;

namespace GroupComm.Fuzz.Tests;

/// <summary>
/// Security row Q4, figure R6: every decoder reads or refuses, in its declared way, soon, and within the memory that it states: what the repository keeps of earlier
/// searches, what once broke it, and the same thousands of mutations of them each time. <c>dotnet cake --target=Fuzz</c> searches for more.
/// </summary>
public sealed class CorpusTests
{
    private const int Mutations = 4000;

    public static TheoryData<string> Names => [.. Decoder.All().Select(decoder => decoder.Name)];

    [Theory, MemberData(nameof(Names))]
    public void What_is_kept_and_thousands_like_it_are_read_or_refused(string name)
    {
        Decoder decoder = Decoder.Named(name);
        using (decoder as IDisposable)
        {
            List<byte[]> inputs = [.. decoder.Seeds(), .. CorpusFile.Read(CorpusFile.Kept(name)), .. CorpusFile.Read(CorpusFile.Found(name))];
            Trial trial = new(decoder);
            foreach (byte[] input in inputs)
                AssertNone(trial.Run(input), input);
            Assert.InRange(trial.Accepted, 1, trial.Executions); // what is kept reaches behind the first check

            Random random = new(20_26);
            Mutator mutator = new(random, decoder.Words, decoder.MaxLength);
            for (int i = 0; i < Mutations; i++)
            {
                ReadOnlySpan<byte> input = mutator.Next(inputs[random.Next(inputs.Count)], inputs[random.Next(inputs.Count)]);
                AssertNone(trial.Run(input), input);
            }
            Assert.InRange(trial.Accepted, 1, trial.Executions - 1);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_decoder_has_inputs_of_earlier_searches(string name) => Assert.NotEmpty(CorpusFile.Read(CorpusFile.Kept(name)));

    private static void AssertNone(Finding? finding, ReadOnlySpan<byte> input)
    {
        if (finding is not null)
            Assert.Fail($"{finding.Kind}: {finding.Text}\nput this line into the decoder's .found.txt when it is mended:\n{Convert.ToHexStringLower(input)}");
    }
}
