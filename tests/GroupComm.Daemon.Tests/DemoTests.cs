using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Daemon.Tests;

public class DemoTests
{
    [Theory]
    [InlineData("fifo")]
    [InlineData("causal")]
    [InlineData("agreed")]
    [InlineData("safe")]
    public async Task Survives_crash_and_join_in_every_order_and_check_agrees(string order)
    {
        using TemporaryDirectory directory = new();
        string traces = Path.Combine(directory.Path, "traces");
        Ran ran = await Cli.RunAsync("demo", "--messages", "1000", "--order", order, "--trace", traces, "--no-throughput", "--json");
        Assert.True(ran.Code == 0, $"exit {ran.Code}: {ran.Output}{ran.Error}");
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        JsonElement root = json.RootElement;
        Assert.True(root.GetProperty("ok").GetBoolean());
        Assert.Equal(order, root.GetProperty("order").GetString());
        Assert.Equal(3, root.GetProperty("nodes").GetInt32());
        Assert.True(root.GetProperty("delivered").GetInt64() > 5000);
        Assert.Equal(0, root.GetProperty("lost").GetInt64());
        Assert.True(root.GetProperty("transferred").GetInt64() > 1000);
        Assert.Equal(0, root.GetProperty("duplicates").GetInt64());
        Assert.True(root.GetProperty("viewChangeMs").GetDouble() > 0);
        if (order == "causal")
            Assert.True(root.GetProperty("reorderedPairs").GetInt64() > 0);
        Ran check = Cli.InProcess(["check", .. Directory.GetFiles(traces)]);
        Assert.True(check.Code == 0, check.Output + check.Error);
    }

    [Fact]
    public async Task Says_what_happens_and_sends_any_text()
    {
        using TemporaryDirectory directory = new();
        string text = directory.File("text.txt", $"one\n\n{new string('x', 200_000)}\nlast without end");
        Ran ran = await Cli.RunAsync("demo", "--messages", "100", "--nodes", "2", "--no-throughput", "--no-crash", "--input", text);
        Assert.True(ran.Code == 0, $"exit {ran.Code}: {ran.Output}{ran.Error}");
        Assert.Contains("view 1: ", ran.Output);
        Assert.Contains("nothing lost", ran.Output);
        Assert.EndsWith("OK", ran.Output.TrimEnd());
    }

    [Fact]
    public async Task A_child_does_not_outlive_its_parent()
    {
        await using Child started = Cli.Start("burst-node", "--name", "x", "--cluster", "c", "--expected-nodes", "1");
        Process child = started.Process;
        await child.StandardInput.WriteLineAsync("start\t");
        await child.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("listening", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Cli.Limit));
        child.StandardInput.Close();
        await Cli.WaitAsync(child);
        Assert.Equal(0, child.ExitCode);
    }
}
