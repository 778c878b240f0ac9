// The C# client on strings: the conformance suite sends commands as JSON lines and reads what happens. interop/conformance.md has
// the commands.
using System;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using GroupComm.Client.Puppet;

ConcurrentDictionary<string, Actor> actors = new();
while (await Console.In.ReadLineAsync() is { } text)
{
    JsonNode line = JsonNode.Parse(text)!;
    Actor actor = actors.GetOrAdd((string)line["as"]!, static name => new Actor(name));
    _ = AnswerAsync(actor, line);
}

static async Task AnswerAsync(Actor actor, JsonNode line)
{
    JsonObject answer = new() { ["n"] = line["n"]!.DeepClone() };
    try
    {
        answer["ok"] = await actor.DoAsync((string)line["do"]!, line) ?? new JsonObject();
    }
    catch (Exception error)
    {
        (answer["error"], answer["detail"]) = (GroupComm.Client.Requests.GatewayErrors.CodeOf(error) ?? error.GetType().Name, error.Message);
    }
    Lines.Say(answer);
}
