using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>What every client must do when a daemon is killed, excluded or wrong, or the client itself is.</summary>
public sealed class FailureTests(SuspiciousDaemons daemons) : IClassFixture<SuspiciousDaemons>
{
    private static int s_group;

    public static TheoryData<string> Languages => ConformanceTests.Languages;

    [Theory, MemberData(nameof(Languages))]
    public async Task When_a_daemon_is_killed_the_others_agree_and_its_client_comes_back_with_the_state(string name)
    {
        await using Stage stage = await StageAsync(name, state: true, "a", "b");
        Puppet puppet = stage.Puppet;
        await stage.JoinAsync("c", 2, 0);
        string before = stage.Self("c");
        List<Task> sends = [];
        for (int number = 0; number < 150; number++)
        {
            sends.Add(puppet.DoAsync(number % 2 == 0 ? "a" : "b", "send", new JsonObject { ["text"] = $"k {number}", ["until"] = "safe" }));
            if (number == 60)
                await daemons.KillAsync(2);
        }
        await Task.WhenAll(sends);
        await puppet.UntilAsync("a", "view", view => ConformanceTests.Names(view, "left").Contains(before));
        JsonElement back = await puppet.UntilAsync("c", "view", view => view.GetProperty("self").GetString() is { } self && self != before);
        Assert.StartsWith("n1#", back.GetProperty("self").GetString(), StringComparison.Ordinal);
        await puppet.DoAsync("b", "send", new JsonObject { ["text"] = "after the kill" });
        // The sender too: its receipt may overtake its message.
        foreach (string actor in new[] { "a", "b", "c" })
            await puppet.UntilTextsAsync(actor, "after the kill", 1);
        string[] states = [.. await Task.WhenAll(new[] { "a", "b", "c" }.Select(async actor => (await puppet.DoAsync(actor, "state")).GetRawText()))];
        Assert.Single(states.Distinct());
        Assert.Equal(151, JsonDocument.Parse(states[0]).RootElement.GetProperty("state").GetArrayLength());
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_client_of_an_excluded_node_is_told_and_begins_anew(string name)
    {
        await using Stage stage = await StageAsync(name, state: false, "a", "b", "c");
        Puppet puppet = stage.Puppet;
        string before = stage.Self("b");
        daemons.Signal(1, "STOP");
        try
        {
            await puppet.UntilAsync("a", "view", view => ConformanceTests.Names(view, "left").Contains(before));
        }
        finally
        {
            daemons.Signal(1, "CONT");
        }
        foreach (string signal in new[] { "excluded", "reset" })
            await puppet.UntilAsync("b", "signal", each => each.GetProperty("name").GetString() == signal);
        await puppet.UntilAsync("b", "view", view => view.GetProperty("self").GetString() is { } self && self.StartsWith("n2#", StringComparison.Ordinal) && self != before);
        await puppet.DoAsync("b", "send", new JsonObject { ["text"] = "back" });
        await puppet.UntilTextsAsync("a", "back", 1);
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_bad_frame_of_the_client_ends_its_connection_alone(string name)
    {
        await using Stage stage = await StageAsync(name, state: false, "a", "b");
        Puppet puppet = stage.Puppet;
        await puppet.DoAsync("a", "raw", new JsonObject { ["hex"] = "00000001c1" });
        Assert.Equal("bad-frame", (await puppet.UntilAsync("a", "closed", _ => true)).GetProperty("code").GetString());
        Assert.Equal("bad-frame", await puppet.FailsAsync("a", "send", new JsonObject { ["text"] = "x" }));
        await puppet.UntilAsync("b", "view", view => ConformanceTests.Names(view, "left").Contains(stage.Self("a")));
        await puppet.DoAsync("b", "send", new JsonObject { ["text"] = "still here" });
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_bad_frame_of_the_daemon_ends_the_client_with_the_reason(string name)
    {
        Language language = Language.All.Single(each => each.Name == name);
        language.Require();
        await language.PrepareAsync();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await using Puppet puppet = new(language);
        // Not MessagePack; a kind that is none; an array longer than its frame; a request; an acknowledgement of what was not sent; too large.
        string[] bad = ["00000001c1", "00000002917f", "000000029312", "00000003921101", "00000003920309", "7fffffff90"];
        for (int i = 0; i < bad.Length; i++)
        {
            string actor = $"victim{i}";
            Task<JsonElement> connect = puppet.DoAsync(actor, "connect", new JsonObject { ["at"] = new JsonArray($"tcp:{listener.LocalEndpoint}") });
            using TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            Stream stream = client.GetStream();
            Assert.Equal(1, (await FrameAsync(stream))[1]); // HELLO
            await stream.WriteAsync(Convert.FromHexString(Welcome()), TestContext.Current.CancellationToken);
            await connect;
            await stream.WriteAsync(Convert.FromHexString(bad[i]), TestContext.Current.CancellationToken);
            Assert.Equal("bad-frame", (await puppet.UntilAsync(actor, "closed", _ => true)).GetProperty("code").GetString());
            byte[] close = await FrameAsync(stream);
            Assert.Equal((6, "bad-frame"), (close[1], System.Text.Encoding.UTF8.GetString(close, 3, 9)));
        }
    }

    /// <summary>The vector of that frame.</summary>
    private static string Welcome() => JsonNode.Parse(File.ReadAllText(Path.Combine(Language.Interop(), "vectors/gateway/index.json")))!["frames"]!.AsArray()
        .Single(vector => (string)vector!["name"]! == "welcome")!["hex"]!.GetValue<string>();

    private static async Task<byte[]> FrameAsync(Stream stream)
    {
        byte[] prefix = new byte[4];
        await stream.ReadExactlyAsync(prefix, TestContext.Current.CancellationToken);
        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken);
        return payload;
    }

    private async Task<Stage> StageAsync(string language, bool state, params string[] actors) =>
        await Stage.StartAsync(daemons, Language.All.Single(each => each.Name == language), $"f{System.Threading.Interlocked.Increment(ref s_group)}", state, actors);
}
