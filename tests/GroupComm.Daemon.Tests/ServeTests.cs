using System;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Daemon.Tests;

public partial class ServeTests
{
    [Fact]
    public async Task A_port_in_use_is_named_and_exit_code_3()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Ran ran = await Cli.RunAsync("serve", "--http", "off", "--listen", $"127.0.0.1:{port}");
        Assert.Equal(3, ran.Code);
        Assert.Contains($"{port}", Assert.Single(ran.ErrorLines));
    }

    [Fact]
    public async Task A_seed_without_an_address_is_named_and_exit_code_3()
    {
        Ran ran = await Cli.RunAsync("serve", "--http", "off", "--listen", "127.0.0.1:0", "--seed", "no-such-host.invalid:7400");
        Assert.Equal(3, ran.Code);
        Assert.Contains("no-such-host.invalid", Assert.Single(ran.ErrorLines));
        Assert.Contains("resolve", ran.Error);
    }

    [Fact]
    public async Task Peers_off_loopback_need_the_word_insecure()
    {
        Ran ran = await Cli.RunAsync("serve", "--http", "off", "--listen", "0.0.0.0:0", "--advertise", "192.0.2.1:7400");
        Assert.True(ran.Code is 2 or 3, ran.Error);
        Assert.Single(ran.ErrorLines);
    }

    [Fact]
    public async Task Another_cluster_is_refused_with_exit_code_3()
    {
        await using Serving first = await Serving.StartAsync("--name", "a", "--cluster", "red");
        Ran ran = await Cli.RunAsync("serve", "--name", "b", "--cluster", "blue", "--http", "off", "--listen", "127.0.0.1:0", "--seed", first.Address);
        Assert.Equal(3, ran.Code);
        Assert.Contains("cluster", Assert.Single(ran.ErrorLines));
    }

    [Fact]
    public async Task A_name_in_use_is_refused_with_exit_code_3()
    {
        await using Serving first = await Serving.StartAsync("--name", "a");
        Ran ran = await Cli.RunAsync("serve", "--name", "a", "--http", "off", "--listen", "127.0.0.1:0", "--seed", first.Address);
        Assert.Equal(3, ran.Code);
        Assert.Contains("name in use", Assert.Single(ran.ErrorLines));
    }

    [Fact]
    public async Task Sigterm_leaves_and_ends_with_0()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGTERM");
        using TemporaryDirectory directory = new();
        string trace = System.IO.Path.Combine(directory.Path, "a.jsonl");
        await using Serving node = await Serving.StartAsync("--name", "a", "--trace", trace);
        await node.SeesAsync(ViewOne());
        Assert.Equal(0, await node.TerminateAsync());
        Assert.Equal(0, Cli.InProcess("check", trace).Code);
    }

    [Fact]
    public async Task A_reader_of_the_log_that_stops_does_not_stop_the_node()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGTERM");
        await using Serving node = await Serving.StartAsync("--name", "a", "--log-level", "debug"); // nobody reads on from here
        string[] address = node.Address.Split(':');
        byte[] nonsense = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();
        // More lines than the pipe and the console's queue hold.
        for (int i = 0; i < 8000; i++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture)).WaitAsync(Cli.Limit);
            await socket.SendAsync(nonsense);
        }
        await using Serving other = await Serving.StartAsync("--name", "b", "--seed", node.Address);
        await other.SeesAsync(ViewOfBoth());
        Assert.Equal(0, await node.TerminateAsync());
    }

    [GeneratedRegex(@"View 2: a#\d+ b#\d+;")]
    private static partial Regex ViewOfBoth();

    [Fact]
    public async Task A_load_joins_its_group_and_sends_until_the_node_leaves()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGTERM");
        using TemporaryDirectory directory = new();
        string trace = System.IO.Path.Combine(directory.Path, "a.jsonl");
        await using Serving node = await Serving.StartAsync("--name", "a", "--trace", trace, "--load", "stock:1000:causal");
        await node.SeesAsync(StockOfOne());
        // Whoever joins later sees what is sent from then on.
        await using Serving other = await Serving.StartAsync("--name", "b", "--seed", node.Address, "--load", "stock:1000:causal");
        await node.SeesAsync(StockOfTwo());
        Assert.Equal(0, await other.TerminateAsync());
        Assert.Equal(0, await node.TerminateAsync());
        string text = await System.IO.File.ReadAllTextAsync(trace, TestContext.Current.CancellationToken);
        Assert.Contains("\"ev\":\"deliver\"", text);
        Assert.Contains("\"order\":\"causal\"", text);
    }

    [GeneratedRegex("Group stock view .*: a#\\d+/\\S+$")]
    private static partial Regex StockOfOne();

    [GeneratedRegex("Group stock view .*: a#\\d+/\\S+ b#\\d+/\\S+$")]
    private static partial Regex StockOfTwo();
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_stood_still_is_excluded_and_comes_back_or_ends_with_4(bool rejoins)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGSTOP");
        await using Serving first = await Serving.StartAsync(["--name", "a", .. Serving.NoticeSilence]);
        await using Serving second = await Serving.StartAsync(["--name", "b", "--seed", first.Address, .. Serving.NoticeSilence]);
        await using Serving third = await Serving.StartAsync(["--name", "c", "--seed", first.Address, .. Serving.NoticeSilence, .. rejoins ? Array.Empty<string>() : ["--no-rejoin"]]);
        await first.SeesAsync(AllThree());
        await third.SeesAsync(AllThree()); // before it is a member by its own knowledge it cannot be excluded, only refused
        third.Stop();
        await first.SeesAsync(WithoutC());
        third.Continue();
        if (rejoins)
        {
            await third.SeesAsync(NewLife());
            await first.SeesAsync(AllThree());
            Assert.Equal(0, await third.TerminateAsync());
        }
        else
        {
            Assert.Equal(4, await third.EndAsync());
        }
    }

    [GeneratedRegex("View [0-9]+: a#[0-9]+ .*c#")]
    private static partial Regex AllThree();

    [GeneratedRegex(@"left: c#[0-9]+ \(silent")]
    private static partial Regex WithoutC();

    [GeneratedRegex("Begins a new life as c#")]
    private static partial Regex NewLife();

    [GeneratedRegex("View 1: a#")]
    private static partial Regex ViewOne();
}
