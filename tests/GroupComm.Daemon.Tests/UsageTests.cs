using Xunit;

namespace GroupComm.Daemon.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("", "name a command")]
    [InlineData("--bogus", "'--bogus'")]
    [InlineData("dance", "'dance'")]
    [InlineData("demo --bogus", "'--bogus'")]
    [InlineData("demo extra", "'extra'")]
    [InlineData("demo --order total", "agreed")]
    [InlineData("demo --order", "--order")]
    [InlineData("demo --nodes 1", "2 to 9")]
    [InlineData("demo --nodes 10", "2 to 9")]
    [InlineData("demo --nodes many", "--nodes")]
    [InlineData("demo --messages 5", "--messages")]
    [InlineData("demo --rate -1", "--rate")]
    [InlineData("demo --crash --no-crash", "contradict")]
    [InlineData("demo --input no-such-file.txt", "no-such-file.txt")]
    [InlineData("serve --http 1:2:3", "1:2:3")]
    [InlineData("serve --http 127.0.0.1:80,81", "--http")]
    [InlineData("serve --expected-nodes 0", "--expected-nodes")]
    [InlineData("serve --dns nodes:7400", "--expected-nodes")]
    [InlineData("serve --dns no_port:0 --expected-nodes 3", "port 0")]
    [InlineData("serve --log-level loud", "debug, info")]
    [InlineData("serve --load stock", "GROUP:RATE")]
    [InlineData("serve --load stock:none", "the rate")]
    [InlineData("serve --load stock:100001", "100000")]
    [InlineData("serve --load stock:10:loud", "fifo, causal")]
    [InlineData("serve --load stock:10:safe:weight=3", "handler-ms")]
    [InlineData("serve --load stock:10:state-mib=9999", "1024")]
    [InlineData("serve --suspicion-timeout 0.1", "--suspicion-timeout")]
    [InlineData("serve --listen 1:2:3:4", "1:2:3:4")]
    [InlineData("serve --listen 127.0.0.1:99999", "99999")]
    [InlineData("serve --cluster a/b", "a/b")]
    [InlineData("serve --listen 127.0.0.1:0 --name a/b", "a/b")]
    [InlineData("bench --against rain", "corosync, jgroups")]
    [InlineData("bench --against nats --in-process", "--in-process")]
    [InlineData("bench --state-transfer 1000 --latency", "one of them")]
    [InlineData("bench --state-transfer -1", "out of range")]
    [InlineData("bench --size 4", "8")]
    [InlineData("bench --senders 4", "1 to 3")]
    [InlineData("simulate --seeds 9..1", "1..9")]
    [InlineData("simulate --seeds one..two", "1..1000")]
    [InlineData("simulate --seeds 1..2 --seed 1", "contradict")]
    [InlineData("simulate --seeds 1..2 --replay", "--seed")]
    [InlineData("simulate --seed 1 --replay --json", "--json")]
    [InlineData("simulate --seeds 1..2 --nodes 1..3", "2 to 9")]
    [InlineData("simulate --seeds 1..2 --faults rain", "crash, restart")]
    [InlineData("simulate --seeds 1..2 --mutant zombie", "no-majority")]
    [InlineData("simulate --list-mutants --seeds 1..2", "--list-mutants")]
    [InlineData("simulate --schedule x --seed 1", "--schedule")]
    [InlineData("simulate --mutant-table --seed 1", "--mutant-table")]
    [InlineData("simulate --mutant-table --seeds 5..9", "1..N")]
    [InlineData("explore --crashes 3", "0 to 2")]
    [InlineData("explore --states 0", "--states")]
    [InlineData("explore --messages loud", "agreed")]
    [InlineData("explore --mutant zombie", "zombie")]
    [InlineData("check", "FILE")]
    [InlineData("check no-such-file.jsonl", "no-such-file.jsonl")]
    [InlineData("cert issue", "groupcomm cert issue: ")]
    [InlineData("serve --socket /no/such/directory/x", "its directory is not there")]
    public void Bad_usage_is_one_line_that_helps_and_exit_code_2(string line, string says)
    {
        Ran ran = Cli.InProcess(line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, ran.Code);
        Assert.Single(ran.ErrorLines);
        Assert.Contains(says, ran.Error);
        Assert.DoesNotContain("   at ", ran.Error);
        Assert.Empty(ran.Output);
    }

    [Theory]
    [InlineData("--help", "groupcomm demo")]
    [InlineData("demo --help", "groupcomm demo --nodes 5")]
    [InlineData("serve --help", "groupcomm serve --name")]
    [InlineData("check --help", "groupcomm check traces")]
    [InlineData("simulate --help", "groupcomm simulate --seeds 1..20000")]
    [InlineData("explore --help", "groupcomm explore --states")]
    public void Help_has_an_example(string line, string example)
    {
        Ran ran = Cli.InProcess(line.Split(' '));
        Assert.Equal(0, ran.Code);
        Assert.Contains("Example", ran.Output);
        Assert.Contains(example, ran.Output);
        Assert.DoesNotContain("demo-node", ran.Output);
    }

    [Fact]
    public void The_version_is_printed()
    {
        Ran ran = Cli.InProcess("--version");
        Assert.Equal(0, ran.Code);
        Assert.NotEmpty(ran.Output.Trim());
    }

    [Fact]
    public void A_directory_with_the_traces_of_an_earlier_run_is_refused()
    {
        using TemporaryDirectory directory = new();
        directory.File("n1.jsonl", "");
        Ran ran = Cli.InProcess("demo", "--trace", directory.Path);
        Assert.Equal(2, ran.Code);
        Assert.Contains("earlier run", Assert.Single(ran.ErrorLines));
    }

    [Fact]
    public void An_input_without_lines_is_refused()
    {
        using TemporaryDirectory directory = new();
        Ran ran = Cli.InProcess("demo", "--input", directory.File("empty.txt", ""));
        Assert.Equal(2, ran.Code);
        Assert.Contains("no lines", Assert.Single(ran.ErrorLines));
    }
}
