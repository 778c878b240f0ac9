using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using GroupComm.Runtime.Tracing;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Tests.Laws;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Testing.Tests.Files;

public sealed class TraceFileTests
{
    private const string Start = """{"ev":"start","node":"n1","inc":1,"n":1,"t":5,"cluster":"shop","version":"0.1.0"}""";

    [Fact]
    public void What_the_writer_writes_the_reader_reads_back()
    {
        Story story = GoodRun.Tell();
        story.Do("n1", (p, t) => p.State(0, new GroupViewId(3, 4), 0xabc, StateRole.Joiner, 1, t)).Do("n1", (p, t) => p.Read(0, 3, 9, 2, t));
        History back = RoundTrip(story.History);
        Assert.Equal(story.History.EventCount, back.EventCount);
        foreach (ProcessTrace trace in story.History.Processes)
            Assert.Equal(Encoding.UTF8.GetString(TraceDump.Write(story.History, trace)), Encoding.UTF8.GetString(TraceDump.Write(back, back.Process(trace.Id))));
        Assert.True(new LawChecker().Check(back).Ok);
    }

    [Fact]
    public void The_lines_are_those_of_the_contract()
    {
        Story s = Story.OfThree().Send("n1", 1, DeliveryOrder.Causal).Deliver("n2", "n1:1");
        string[] lines = Encoding.UTF8.GetString(TraceDump.Write(s.History, s.Trace("n1"))).Split('\n');
        Assert.StartsWith("""{"ev":"view","node":"n1","inc":1,"n":1,"t":1,"view":1,"primary":true,"members":["n1#1","n2#1","n3#1"],"transitional":[],"left":[]}""", lines[0], StringComparison.Ordinal);
        Assert.Equal("""{"ev":"send","node":"n1","inc":1,"n":3,"t":7,"group":"g","member":"m","id":"n1#1:1:1","order":"causal","view":1,"gview":"1.1","key":null,"hash":"0000000000000419"}""", lines[2]);
        Assert.All(lines[..^1], l => JsonDocument.Parse(l));
    }

    [Fact]
    public void The_reader_takes_the_example_of_the_contract_and_skips_what_it_does_not_know()
    {
        History h = Read("""
            {"ev":"start","node":"n1","inc":17,"n":1,"t":81234,"cluster":"shop","version":"0.1.0"}
            {"ev":"view","node":"n1","inc":17,"view":4,"primary":true,"members":["n1#17","n2#9"],"transitional":["n1#17","n2#9"],"left":[{"node":"n3#4","reason":"connection refused"}]}
            {"ev":"groupview","node":"n1","inc":17,"group":"g","view":4,"gview":"4.2","members":["n1#17/a","n2#9/b"],"reason":"join","token":"00000000000000010000000000000002","agreedOnly":true,"later":{"a":[1]}}
            {"ev":"tomorrow","what":[{}]}
            {"ev":"send","node":"n1","inc":17,"group":"g","member":"a","id":"n1#17:4:12","order":"causal","view":4,"gview":"4.2","key":null,"hash":"9f3c000000000000"}
            {"ev":"deliver","node":"n1","inc":17,"group":"g","member":"a","id":"n1#17:4:12","order":"causal","view":4,"gview":"4.2","pos":31,"num":77,"hash":"9f3c000000000000"}
            {"ev":"start","node":"n1","inc":18,"n":1,"t":99999,"cluster":"shop","version":"0.1.0"}

            """);
        Assert.Equal(4, h.Processes.Count);
        ProcessTrace n1 = h.Process(new NodeId("n1", 17));
        Assert.Equal(5, n1.Count);
        Assert.True(h.IsAgreedOnly(0));
        TraceEvent deliver = n1[4];
        Assert.Equal((31, 77L, 0x9f3c000000000000UL, 12L, 2), (deliver.Position, deliver.Number, deliver.Hash, deliver.Sequence, deliver.GroupNumber));
        Assert.Equal("t.jsonl:6", n1.Where(4));
        Assert.Equal("connection refused", h.Detail(n1[1].Detail).Left.Single().Reason);
        Assert.Equal(1, h.Process(new NodeId("n1", 18)).Count);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"ev":"view","node":"n1","inc":1,"view":"x","members":[]}""")]
    [InlineData("""{"ev":"view","node":"n1","inc":1}""")]
    [InlineData("""{"ev":"stop","node":"n 1","inc":1}""")]
    [InlineData("""{"ev":"stop","node":"n1","inc":0}""")]
    [InlineData("""{"ev":"send","node":"n1","inc":1,"group":"g","id":"n1#1:1","order":"fifo","view":1,"gview":"1.1","hash":"00"}""")]
    [InlineData("""{"ev":"send","node":"n1","inc":1,"group":"g","id":"n1#1:1:1","order":"total","view":1,"gview":"1.1","hash":"00"}""")]
    [InlineData("""{"ev":"send","node":"n1","inc":1,"group":"g","id":"n1#1:1:1","order":"fifo","view":1,"gview":"1","hash":"00"}""")]
    [InlineData("""{"ev":"send","node":"n1","inc":1,"group":"g","id":"n2#1:1:1","order":"fifo","view":1,"gview":"1.1","hash":"00"}""")]
    [InlineData("""{"ev":"deliver","node":"n1","inc":1,"group":"g","id":"n1#1:1:1","order":"fifo","view":1,"gview":"1.1","hash":"zz","member":"a"}""")]
    [InlineData("""{"ev":"stop","node":"n1","inc":1} trailing""")]
    public void A_malformed_line_is_an_error_with_file_and_line(string line)
    {
        var e = Assert.Throws<TraceFormatException>(() => Read(Start + "\n" + line + "\n"));
        Assert.StartsWith("t.jsonl:2: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_line_that_was_cut_is_tolerated()
    {
        for (int cut = 1; cut < Start.Length; cut++)
            Assert.Equal(1, Read(Start + "\n" + Start[..cut]).EventCount);
        Assert.Equal(2, Read(Start + "\n" + Start).EventCount);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_sender_whose_trace_says_that_it_ended_early_is_not_blamed_for_what_it_sent_later(bool says, int violations)
    {
        string n1 = """
            {"ev":"start","node":"n1","inc":1,"n":1,"t":1,"cluster":"shop","version":"0.1.0"}
            {"ev":"view","node":"n1","inc":1,"n":2,"t":2,"view":1,"primary":true,"members":["n1#1","n2#1"],"transitional":[],"left":[]}
            {"ev":"groupview","node":"n1","inc":1,"n":3,"t":3,"group":"g","view":1,"gview":"1.1","members":["n1#1/a","n2#1/b"],"reason":"join","token":"00000000000000010000000000000001"}

            """;
        string n2 = n1.Replace("\"node\":\"n1\"", "\"node\":\"n2\"", StringComparison.Ordinal)
            + """{"ev":"deliver","node":"n2","inc":1,"n":4,"t":9,"group":"g","member":"b","id":"n1#1:1:7","order":"fifo","view":1,"gview":"1.1","pos":1,"hash":"01"}""" + "\n";
        string end = says ? """{"ev":"untraced","node":"n1","inc":1,"n":4,"t":4,"reason":"No space left on device"}""" + "\n" : "";
        Verdict verdict = new LawChecker().Check(Read(n1 + end + n2));
        Assert.Equal(violations, verdict.Count("VS-6"));
    }

    [Fact]
    public void A_torn_last_line_is_cut_off_before_more_is_written()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("groupcomm-").FullName, "t.jsonl");
        File.WriteAllText(path, Start + "\n" + Start[..30]);
        using (TraceFile file = new(path))
            file.Append(Encoding.UTF8.GetBytes(Start + "\n"));
        Assert.Equal(Start + "\n" + Start + "\n", File.ReadAllText(path));
        // Nothing but a torn line, longer than what is looked at at once.
        File.WriteAllText(path, new string('x', 10_000));
        using (TraceFile file = new(path))
            Assert.True(file.End("{}\n"u8));
        Assert.Equal("{}\n", File.ReadAllText(path));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Harness_lines_are_read()
    {
        using var stream = new MemoryStream("""
            {"ev":"fault","t":5,"of":"kill n1"}
            {"ev":"heal","t":9,"of":"kill n1"}
            """u8.ToArray());
        Assert.Equal([new HarnessEvent(false, 5, "kill n1"), new HarnessEvent(true, 9, "kill n1")], HarnessTrace.Read(stream, "harness.jsonl"));
    }

    [Fact]
    public void Sends_deliveries_and_receipts_are_written_without_allocation()
    {
        var w = new TraceWriter(new Sink(), new NodeId("n1", 1));
        TraceText group = TraceText.Of("g"), member = TraceText.Of("a"), sender = TraceText.Of(new NodeId("n2", 3));
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            w.Send(i, group, member, 4, i, DeliveryOrder.Safe, new GroupViewId(4, 2), 77);
            w.Deliver(i, group, member, sender, 4, i, DeliveryOrder.Safe, 4, new GroupViewId(4, 2), i, i, 77);
            w.Ack(i, 4, i, "safe"u8);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static History RoundTrip(History history)
    {
        var back = new History();
        var reader = new TraceReader(back);
        foreach (ProcessTrace trace in history.Processes)
            reader.Read(new MemoryStream(TraceDump.Write(history, trace)), trace.Id.Name + ".jsonl");
        return back;
    }

    private static History Read(string text)
    {
        var history = new History();
        new TraceReader(history).Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.jsonl");
        return history;
    }

    private sealed class Sink : System.Buffers.IBufferWriter<byte>
    {
        private readonly byte[] _bytes = new byte[4096];

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _bytes;

        public Span<byte> GetSpan(int sizeHint = 0) => _bytes;
    }
}
