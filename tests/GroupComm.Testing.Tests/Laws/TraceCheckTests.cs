using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Tests.Files;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Testing.Tests.Laws;

public sealed class TraceCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("laws").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_good_run_exits_zero_with_a_count_per_law()
    {
        string[] files = Save(GoodRun.Tell().History);
        string harness = Path.Combine(_folder, "harness.jsonl");
        File.WriteAllText(harness, """{"ev":"fault","t":1,"of":"kill n3"}""" + "\n");
        Assert.Equal(0, TraceCheck.Run([.. files, harness], _out, _error, json: true));
        JsonElement json = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.Equal(5, json.GetProperty("processes").GetInt32());
        Assert.Equal(GoodRun.Tell().History.EventCount, json.GetProperty("events").GetInt64());
        Assert.Equal(22, json.GetProperty("laws").EnumerateObject().Count());
        Assert.All(json.GetProperty("laws").EnumerateObject(), l => Assert.Equal(0, l.Value.GetInt32()));
    }

    [Fact]
    public void A_broken_run_exits_one_and_names_file_and_line()
    {
        string[] files = Save(Story.OfThree().Send("n1", 1, DeliveryOrder.Fifo).Deliver("n2", "n1:1 n1:1").History);
        Assert.Equal(1, TraceCheck.Run(files, _out, _error, json: false));
        Assert.Contains("VS-7 no duplicate: broken 1 times", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("n2.jsonl:4", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_or_malformed_file_exits_two()
    {
        Assert.Equal(2, TraceCheck.Run([Path.Combine(_folder, "absent.jsonl")], _out, _error, json: false));
        string bad = Path.Combine(_folder, "bad.jsonl");
        File.WriteAllText(bad, "nonsense\n");
        Assert.Equal(2, TraceCheck.Run([bad], _out, _error, json: false));
        Assert.Contains("bad.jsonl:1", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, TraceCheck.Run([], _out, _error, json: false));
        Assert.Equal("", _out.ToString());
    }

    private string[] Save(History history) => [.. history.Processes.Select(p =>
    {
        string file = Path.Combine(_folder, p.Id.Name + ".jsonl");
        File.WriteAllBytes(file, TraceDump.Write(history, p));
        return file;
    })];
}
