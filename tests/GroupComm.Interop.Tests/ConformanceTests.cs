using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>What every client must do, whatever its language, against three real daemons.</summary>
public sealed class ConformanceTests(Daemons daemons) : IClassFixture<Daemons>
{
    private static int s_group;

    public static TheoryData<string> Languages => [.. Language.Chosen.Select(language => language.Name)];

    [Theory, MemberData(nameof(Languages))]
    public async Task Four_orders_views_and_receipts(string name)
    {
        await using Stage stage = await StageAsync(name, "a", "b", "c");
        (Puppet puppet, string[] actors) = (stage.Puppet, stage.Actors);
        for (int order = 1; order <= 4; order++)
            await Task.WhenAll(from actor in actors from number in Enumerable.Range(0, 20)
                               select puppet.DoAsync(actor, "send", new JsonObject { ["text"] = $"{order} {actor} {number}", ["order"] = order, ["until"] = order == 4 ? "safe" : "delivered" }));
        for (int order = 1; order <= 4; order++)
        {
            foreach (string actor in actors)
                await puppet.UntilTextsAsync(actor, $"{order} ", 60);
            string[][] told = [.. actors.Select(actor => puppet.Texts(actor, $"{order} "))];
            foreach (string[] texts in told)
            {
                Assert.Equal(60, texts.Distinct().Count());
                foreach (string actor in actors)
                    Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{order} {actor} {number}"), texts.Where(text => text.Split(' ')[1] == actor));
                if (order >= 3)
                    Assert.Equal(told[0], texts);
            }
        }
        string[] last = [.. actors.Select(actor => puppet.Events(actor, "view")[^1]).Select(view => $"{view.GetProperty("id")} {view.GetProperty("members")} {view.GetProperty("token")}")];
        Assert.Single(last.Distinct());
        string left = stage.Self("c");
        await puppet.DoAsync("c", "leave");
        await puppet.UntilAsync("a", "view", view => Names(view, "left").Contains(left));
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Unicast_query_barrier_and_sends_from_outside(string name)
    {
        await using Stage stage = await StageAsync(name, "a", "b", "c");
        Puppet puppet = stage.Puppet;
        await puppet.DoAsync("a", "sendTo", new JsonObject { ["to"] = stage.Self("b"), ["text"] = "only you" });
        JsonElement note = await puppet.UntilAsync("b", "message", each => Text(each) == "only you");
        Assert.Equal((0, stage.Self("a")), (note.GetProperty("position").GetInt32(), note.GetProperty("from").GetString()));
        Assert.Equal("no-such-member", await puppet.FailsAsync("a", "sendTo", new JsonObject { ["to"] = "nobody#1/x", ["text"] = "?" }));

        Assert.Equal(["a:hi", "b:hi", "c:hi"], (await AnswersAsync("echo", "hi", 0)).Select(answer => answer.GetProperty("text").GetString()).Order());
        Assert.InRange((await AnswersAsync("echo", "hi", -1)).Length, 2, 3);
        Assert.Single(await AnswersAsync("echo", "hi", 1));
        Assert.All(await AnswersAsync("echo", "fail", 0), answer => Assert.Contains("told to fail", answer.GetProperty("error").GetString(), StringComparison.Ordinal));
        Assert.All(await AnswersAsync("unknown", "hi", 0), answer => Assert.NotNull(answer.GetProperty("error").GetString()));

        await puppet.DoAsync("b", "send", new JsonObject { ["text"] = "safe first", ["order"] = 4, ["until"] = "safe" });
        await puppet.DoAsync("c", "barrier");
        Assert.Single(puppet.Texts("c", "safe first"));

        await puppet.DoAsync("out", "connect", new JsonObject { ["at"] = new JsonArray(stage.Endpoint(1)) });
        await puppet.DoAsync("out", "send", new JsonObject { ["text"] = "from outside", ["group"] = stage.Group });
        Assert.Equal(JsonValueKind.Null, (await puppet.UntilAsync("a", "message", each => Text(each) == "from outside")).GetProperty("from").ValueKind);
        Assert.Equal("unknown-group", await puppet.FailsAsync("out", "send", new JsonObject { ["text"] = "x", ["group"] = "there is none" }));

        // A send inside a handler does not wait for that handler.
        await puppet.DoAsync("a", "send", new JsonObject { ["text"] = "answer me:1" });
        await puppet.UntilTextsAsync("a", "answered:1", 3);

        async Task<JsonElement[]> AnswersAsync(string type, string text, int target) =>
            [.. (await puppet.DoAsync("a", "query", new JsonObject { ["type"] = type, ["text"] = text, ["target"] = target })).GetProperty("answers").EnumerateArray()];
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_joiner_gets_the_state_at_its_place_while_others_send(string name)
    {
        await using Stage stage = await StageAsync(name, state: true, "a", "b");
        Puppet puppet = stage.Puppet;
        await Task.WhenAll(Enumerable.Range(0, 300).Select(number => puppet.DoAsync(number % 2 == 0 ? "a" : "b", "send", new JsonObject { ["text"] = $"m {number}" })).Append(stage.JoinAsync("c", 2)));
        await puppet.DoAsync("a", "send", new JsonObject { ["text"] = "last" });
        // The sender too: its receipt may overtake its message.
        foreach (string actor in new[] { "a", "b", "c" })
            await puppet.UntilTextsAsync(actor, "last", 1);
        string[] states = [.. await Task.WhenAll(new[] { "a", "b", "c" }.Select(async actor => (await puppet.DoAsync(actor, "state")).GetRawText()))];
        Assert.Equal(301, JsonDocument.Parse(states[0]).RootElement.GetProperty("state").GetArrayLength());
        Assert.Single(states.Distinct());
        Assert.Single(puppet.Events("c", "restored"));
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_client_that_is_cut_resumes_with_nothing_lost_and_nothing_twice(string name)
    {
        await using Stage stage = await StageAsync(name, "a", "b");
        Puppet puppet = stage.Puppet;
        List<Task> sends = [];
        for (int number = 0; number < 300; number++)
        {
            sends.Add(puppet.DoAsync(number % 2 == 0 ? "a" : "b", "send", new JsonObject { ["text"] = $"r {number}", ["order"] = 3 }));
            if (number % 60 == 30)
                await puppet.DoAsync("a", "cut");
        }
        await Task.WhenAll(sends);
        foreach (string actor in stage.Actors)
            await puppet.UntilTextsAsync(actor, "r ", 300);
        Assert.Equal(puppet.Texts("a", "r "), puppet.Texts("b", "r "));
        Assert.Equal(300, puppet.Texts("a", "r ").Distinct().Count());
        Assert.Single(puppet.Events("b", "view"));
        Assert.DoesNotContain(puppet.Events("a", "signal"), each => each.GetProperty("name").GetString() == "reset");
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task A_client_that_does_not_consume_is_removed(string name)
    {
        await using Stage stage = await StageAsync(name, "a");
        Puppet puppet = stage.Puppet;
        await puppet.DoAsync("slow", "connect", new JsonObject { ["at"] = new JsonArray(stage.Endpoint(1)), ["window"] = 65_536 });
        string slow = (await puppet.DoAsync("slow", "join", new JsonObject { ["group"] = stage.Group, ["member"] = "slow", ["options"] = new JsonObject { ["slowConsumerTimeout"] = 1000 } })).GetProperty("self").GetString()!;
        await puppet.DoAsync("slow", "hold");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => puppet.DoAsync("a", "send", new JsonObject { ["size"] = 40_000 })));
        await puppet.UntilAsync("a", "view", view => Names(view, "left").Contains(slow));
        await puppet.DoAsync("slow", "release");
        await puppet.UntilAsync("slow", "signal", signal => signal.GetProperty("name").GetString() == "left");
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Large_empty_and_typed_messages_and_numbers_of_64_bits(string name)
    {
        await using Stage stage = await StageAsync(name, "a", "b");
        Puppet puppet = stage.Puppet;
        foreach (int size in new[] { 0, 1, 65_535, 65_536, 9 << 20 })
        {
            await puppet.DoAsync("a", "send", new JsonObject { ["size"] = size });
            await puppet.UntilAsync("b", "message", each => each.GetProperty("size").GetInt32() == size);
        }
        Assert.Equal("too-large", await puppet.FailsAsync("b", "send", new JsonObject { ["size"] = (64 << 20) + 1 }));
        JsonObject typed = new() { ["Name"] = "Äpfel 🍎", ["Quantity"] = $"int:{long.MaxValue}", ["Least"] = $"int:{long.MinValue}", ["Most"] = $"int:{ulong.MaxValue}", ["Price"] = 0.25, ["Raw"] = "hex:00ff", ["Nothing"] = null, ["Tags"] = new JsonArray("x", true) };
        await puppet.DoAsync("a", "send", new JsonObject { ["typed"] = typed });
        JsonElement came = await puppet.UntilAsync("b", "message", each => each.GetProperty("type").GetString() == "typed");
        Assert.True(JsonNode.DeepEquals(typed, JsonNode.Parse(came.GetProperty("typed").GetRawText())), came.GetRawText());
    }

    private static string? Text(JsonElement message) => message.TryGetProperty("text", out JsonElement text) ? text.GetString() : null;

    internal static IEnumerable<string> Names(JsonElement view, string field) => view.GetProperty(field).EnumerateArray().Select(each => each.GetString()!);

    private Task<Stage> StageAsync(string language, params string[] actors) => StageAsync(language, state: false, actors);

    private async Task<Stage> StageAsync(string language, bool state, params string[] actors) =>
        await Stage.StartAsync(daemons, Language.All.Single(each => each.Name == language), $"g{System.Threading.Interlocked.Increment(ref s_group)}", state, actors);
}
