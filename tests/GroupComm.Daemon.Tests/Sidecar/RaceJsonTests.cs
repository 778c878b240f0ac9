using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Steps;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

public class RaceJsonTests
{
    [Fact]
    public async Task The_steps_of_a_schedule_lead_from_whole_tables_to_the_outcome_and_are_the_same_each_time()
    {
        await using Daemon daemon = await Daemon.StartAsync();
        const string Path = "/v1/race?race=A&approach=baseline&seed=3";
        JsonElement race = await daemon.GetAsync(Path);
        JsonElement[] steps = [.. race.GetProperty("steps").EnumerateArray()];
        Assert.Equal("A", race.GetProperty("race").GetString());
        Assert.Equal("holes", race.GetProperty("expected").GetString());
        Assert.Equal(10, race.GetProperty("links").GetArrayLength());
        Assert.Equal(0, steps[0].GetProperty("broken").GetArrayLength());
        Assert.Equal(["master", "replica", "replica"], steps[0].GetProperty("standing").EnumerateArray().Select(static each => each.GetString()).Order());
        Assert.Contains("crashed", steps[^1].GetProperty("standing").EnumerateArray().Select(static each => each.GetString()));
        Assert.Equal(race.GetProperty("outcome").GetProperty("blackHoles").GetInt32(), steps[^1].GetProperty("broken").GetArrayLength());
        Assert.True(steps[^1].GetProperty("broken").GetArrayLength() > 0);
        double[] times = [.. steps.Select(static step => step.GetProperty("t").GetDouble())];
        Assert.Equal(times.Order(), times);
        string[] kinds = [.. race.GetProperty("flights").EnumerateArray().Select(static flight => flight[0].GetString()!).Distinct().Order()];
        Assert.Equal(["command", "report", "view"], kinds); // the baseline tells the store nothing here: there is nothing that it has heard
        Assert.Equal(race.GetRawText(), (await daemon.GetAsync(Path)).GetRawText());
        Assert.Equal("baseline", (await daemon.GetAsync("/v1/race")).GetProperty("approach").GetString());
    }

    [Theory]
    [InlineData("bad-race", "race=H")]
    [InlineData("bad-race", "race=1")]
    [InlineData("bad-approach", "approach=magic")]
    [InlineData("bad-seed", "seed=0")]
    [InlineData("bad-seed", "seed=9007199254740992")]
    [InlineData("bad-seed", "seed=-1")]
    [InlineData("unknown-parameter", "steps=3")]
    public async Task What_is_wrong_with_a_question_is_said(string code, string query)
    {
        await using Daemon daemon = await Daemon.StartAsync(wait: false);
        using HttpResponseMessage answer = await daemon.Http.GetAsync($"/v1/race?{query}", Daemon.Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Daemon.Ct)).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.NotEqual("", problem.GetProperty("fix").GetString());
    }

    [Fact]
    public async Task It_only_answers_to_GET()
    {
        await using Daemon daemon = await Daemon.StartAsync(wait: false);
        using HttpResponseMessage answer = await daemon.Http.PostAsync("/v1/race", null, Daemon.Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public void Every_cell_has_far_fewer_steps_than_the_limit()
    {
        foreach (Approach approach in Approach.All)
            foreach (Race race in System.Enum.GetValues<Race>())
            {
                StepRecorder played = StepRecorder.Play(7, race, approach);
                Assert.Null(played.Outcome.Failure);
                Assert.InRange(played.Steps.Count, 4, StepRecorder.MostSteps / 4);
            }
    }
}
