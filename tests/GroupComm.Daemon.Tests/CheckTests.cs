using System.Text.Json;
using Xunit;

namespace GroupComm.Daemon.Tests;

public class CheckTests
{
    private static string Trace(string node, params string[] delivered)
    {
        string text = Line(1, "start", "\"cluster\":\"c\",\"version\":\"0.1.0\"")
            + Line(2, "view", """ "view":1,"primary":true,"members":["a#1","b#1"],"transitional":["NODE#1"],"left":[] """)
            + Line(3, "groupview", """ "group":"g","view":1,"gview":"1.1","members":["a#1/m","b#1/m"],"reason":"join","token":"00000000000000010000000100000001" """);
        int n = 4;
        if (node == "a")
            foreach (string sequence in new[] { "1", "2" })
                text += Line(n++, "send", $"\"group\":\"g\",\"member\":\"m\",\"id\":\"a#1:1:{sequence}\",\"order\":\"fifo\",\"view\":1,\"gview\":\"1.1\",\"key\":null,\"hash\":\"{sequence}\"");
        int position = 1;
        foreach (string sequence in delivered)
            text += Line(n++, "deliver", $"\"group\":\"g\",\"member\":\"m\",\"id\":\"a#1:1:{sequence}\",\"order\":\"fifo\",\"view\":1,\"gview\":\"1.1\",\"pos\":{position++},\"hash\":\"{sequence}\"");
        return text;

        string Line(int number, string what, string more) =>
            $"{{\"ev\":\"{what}\",\"node\":\"{node}\",\"inc\":1,\"n\":{number},\"t\":{number * 1000},{more.Replace("NODE", node, System.StringComparison.Ordinal).Trim()}}}\n";
    }

    [Fact]
    public void A_good_trace_passes()
    {
        using TemporaryDirectory directory = new();
        string a = directory.File("a.jsonl", Trace("a", "1", "2")), b = directory.File("b.jsonl", Trace("b", "1", "2"));
        Ran ran = Cli.InProcess("check", a, b);
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        Assert.Contains("2 processes", ran.Output);
    }

    [Fact]
    public void A_broken_one_names_the_law()
    {
        using TemporaryDirectory directory = new();
        string a = directory.File("a.jsonl", Trace("a", "1", "2")), b = directory.File("b.jsonl", Trace("b", "2", "1"));
        Ran ran = Cli.InProcess("check", a, b);
        Assert.Equal(1, ran.Code);
        Assert.Contains("VS-13", ran.Output);
        Ran json = Cli.InProcess("check", "--json", a, b);
        Assert.Equal(1, json.Code);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        Assert.True(document.RootElement.GetProperty("laws").GetProperty("VS-13").GetInt32() > 0);
        Assert.Equal(2, document.RootElement.GetProperty("processes").GetInt32());
    }

    [Fact]
    public void A_file_that_is_no_trace_is_bad_usage()
    {
        using TemporaryDirectory directory = new();
        Ran ran = Cli.InProcess("check", directory.File("a.jsonl", "hello\nworld\n"));
        Assert.Equal(2, ran.Code);
        Assert.Single(ran.ErrorLines);
    }
}
