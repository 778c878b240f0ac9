using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using GroupComm.Daemon.Demo;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>The daemon and its commands as processes: pipes, exit codes, signals.</summary>
public partial class ProcessTests
{
    [Fact]
    public async Task Commands_work_through_pipes()
    {
        int port = FreePorts.Next();
        await using Serving serving = await Serving.StartAsync("--name", "n1", "--http", $"127.0.0.1:{port}");
        await serving.SeesAsync(Serves());
        string at = $"127.0.0.1:{port}";
        await UntilAsync(ran => ran.Code == 0, "health", "--at", at);

        await using Child joined = Cli.Start("join", "chat", "--member", "alice", "--at", at, "--stay");
        Process join = joined.Process;
        JsonElement first = JsonDocument.Parse((await LineAsync(join))!).RootElement;
        Assert.Equal("view", first.GetProperty("event").GetString());
        await join.StandardInput.WriteLineAsync("one");
        Assert.Equal("one", JsonDocument.Parse((await LineAsync(join))!).RootElement.GetProperty("text").GetString());

        Ran send = await Cli.RunAsync("send", "chat", "two", "three", "--order", "safe", "--wait", "safe", "--at", at, "--json");
        Assert.Equal((0, 2), (send.Code, send.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Equal("two", JsonDocument.Parse((await LineAsync(join))!).RootElement.GetProperty("text").GetString());
        Assert.Equal("three", JsonDocument.Parse((await LineAsync(join))!).RootElement.GetProperty("text").GetString());

        // The end of input alone: what was sent is printed, then the member leaves.
        await using Child joinedToo = Cli.Start("join", "chat", "--at", at);
        Process piped = joinedToo.Process;
        await piped.StandardInput.WriteAsync("four\nfive\n");
        piped.StandardInput.Close();
        string[] lines = (await piped.StandardOutput.ReadToEndAsync(Daemon.Ct).WaitAsync(Daemon.Limit, Daemon.Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Cli.WaitAsync(piped);
        Assert.Equal(0, piped.ExitCode);
        Assert.Equal(["four", "five"], lines.Skip(1).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()));

        Assert.Contains("\"primary\":true", (await Cli.RunAsync("view", "--at", at, "--json")).Output);
        Assert.Contains("chat", (await Cli.RunAsync("groups", "--at", at)).Output);
        await UntilAsync(ran => ran.Output.Contains("nothing waits", StringComparison.Ordinal), "explain", "--at", at); // the leave of the piped one may be under way
        Assert.Contains("this node", (await Cli.RunAsync("top", "--at", at)).Output);
        Ran unknown = await Cli.RunAsync("send", "nobody", "x", "--at", at);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("'groupcomm join GROUP --stay' makes it", Assert.Single(unknown.ErrorLines));

        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(0, await serving.TerminateAsync());
        await Cli.WaitAsync(join); // told that its stream ends
        Assert.Equal(0, join.ExitCode);
        Assert.Contains("\"event\":\"left\"", (await join.StandardOutput.ReadToEndAsync(Daemon.Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Last());
    }

    [Fact]
    public async Task Join_prints_all_that_it_sent_however_busy_the_group_and_ends_with_its_reader()
    {
        int port = FreePorts.Next();
        await using Serving serving = await Serving.StartAsync("--name", "n1", "--http", $"127.0.0.1:{port}", "--load", "busy:500:agreed");
        await serving.SeesAsync(Serves());
        await UntilAsync(ran => ran.Code == 0, "health", "--at", $"127.0.0.1:{port}");

        await using (Child child = Shell("seq 200 | \"$@\"", port, "busy", "--member", "me"))
        {
            int own = 0;
            while (await LineAsync(child.Process) is { } line)
                if (JsonDocument.Parse(line).RootElement is var each && each.GetProperty("event").GetString() == "message" && each.GetProperty("from").GetString()!.EndsWith("/me", StringComparison.Ordinal))
                    Assert.Equal($"{++own}", each.GetProperty("text").GetString());
            Assert.Equal(200, own);
        }

        // Nothing more comes in a quiet group, so no write can fail: the member leaves all the same.
        foreach (string group in new[] { "busy", "quiet" })
            await using (Child cut = Shell("\"$@\" </dev/null | head -1", port, group, "--stay"))
            {
                Assert.Contains("\"event\":\"view\"", await LineAsync(cut.Process));
                await Cli.WaitAsync(cut.Process);
            }
    }

    /// <summary>A line of a shell in which "$@" is <c>groupcomm join</c>.</summary>
    private static Child Shell(string line, int port, params string[] join)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no such shell");
        ProcessStartInfo program = ChildProgram.Command(["join", .. join, "--at", $"127.0.0.1:{port}"]);
        ProcessStartInfo start = new("sh", ["-c", line, "sh", program.FileName, .. program.ArgumentList]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return Child.Start(start);
    }

    [Fact]
    public async Task Without_a_daemon_commands_say_how_to_start_one()
    {
        string at = $"127.0.0.1:{FreePorts.Next()}";
        Ran view = await Cli.RunAsync("view", "--at", at);
        Assert.Equal(3, view.Code);
        Assert.Contains("groupcomm serve", Assert.Single(view.ErrorLines));
        Assert.Equal(1, (await Cli.RunAsync("health", "--at", at)).Code);
        Assert.Equal(2, Cli.InProcess("view", "--at", "nonsense:port").Code);
        Assert.Equal(2, Cli.InProcess("send", "g", "x", "--wait", "long").Code);
    }

    [Fact]
    public async Task An_http_address_in_use_is_named_and_exit_code_3()
    {
        int port = FreePorts.Next();
        await using Serving first = await Serving.StartAsync("--name", "a", "--http", $"127.0.0.1:{port}");
        await first.SeesAsync(Serves());
        Ran second = await Cli.RunAsync("serve", "--name", "b", "--listen", "127.0.0.1:0", "--http", $"127.0.0.1:{port}");
        Assert.Equal(3, second.Code);
        Assert.Contains("--http", Assert.Single(second.ErrorLines));
    }

    [Fact]
    public async Task Clients_of_a_node_that_comes_back_are_told_excluded_reset_and_their_own_view()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGSTOP");
        int port = FreePorts.Next();
        await using Serving first = await Serving.StartAsync(["--name", "a", .. Serving.NoticeSilence]);
        await using Serving second = await Serving.StartAsync(["--name", "b", "--seed", first.Address, .. Serving.NoticeSilence]);
        await using Serving third = await Serving.StartAsync(["--name", "c", "--seed", first.Address, "--http", $"127.0.0.1:{port}", .. Serving.NoticeSilence]);
        await first.SeesAsync(AllThree());
        await third.SeesAsync(Serves()); // a node may be in a view before its HTTP listens
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Daemon.Limit };
        using EventReader alice = await OpenAsync(http, "alice"), bob = await OpenAsync(http, "bob");
        third.Stop();
        await first.SeesAsync(WithoutC());
        third.Continue();
        foreach ((EventReader reader, string name) in new[] { (alice, "alice"), (bob, "bob") })
        {
            await reader.UntilAsync(each => each.Name == "excluded");
            List<Event> events = await reader.UntilAsync(each => each.Name == "view");
            Assert.Contains(events, each => each.Name == "reset");
            Assert.Contains(events[^1].Data.GetProperty("members").EnumerateArray(), member => member.GetString()!.EndsWith("/" + name, StringComparison.Ordinal));
        }
        HttpResponseMessage sent;
        while ((sent = await http.PostAsync("/v1/groups/g/messages?member=bob", new StringContent("back"), Daemon.Ct)).StatusCode == HttpStatusCode.ServiceUnavailable)
            await Task.Delay(50, Daemon.Ct); // a process that stood still on a busy machine takes nothing until a quorum confirms its view
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Daemon.Ct));
        foreach (EventReader reader in new[] { alice, bob })
            Assert.Equal("back", (await reader.UntilAsync(each => each.Name == "message"))[^1].Text);
    }

    private static async Task<EventReader> OpenAsync(HttpClient http, string name)
    {
        while (true)
        {
            HttpResponseMessage response = await http.GetAsync($"/v1/groups/g/events?member={name}", HttpCompletionOption.ResponseHeadersRead, Daemon.Ct);
            if (response.IsSuccessStatusCode)
                return new EventReader(response, await response.Content.ReadAsStreamAsync(Daemon.Ct));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode); // not yet in a view
            response.Dispose();
            await Task.Delay(50, Daemon.Ct);
        }
    }

    [GeneratedRegex("View [0-9]+: a#[0-9]+ .*c#")]
    private static partial Regex AllThree();

    [GeneratedRegex(@"left: c#[0-9]+ \(silent")]
    private static partial Regex WithoutC();

    private static async Task UntilAsync(Func<Ran, bool> wanted, params string[] args)
    {
        var late = Stopwatch.StartNew();
        for (Ran ran = await Cli.RunAsync(args); !wanted(ran); ran = await Cli.RunAsync(args))
            Assert.True(late.Elapsed < Cli.Limit, $"{string.Join(' ', args)} ended with {ran.Code}: {ran.Output}{ran.Error}");
    }

    private static Task<string?> LineAsync(Process process) => process.StandardOutput.ReadLineAsync(Daemon.Ct).AsTask().WaitAsync(Daemon.Limit, Daemon.Ct);

    [GeneratedRegex("Serves HTTP at")]
    private static partial Regex Serves();
}
