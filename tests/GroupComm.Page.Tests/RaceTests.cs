using System;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using GroupComm.Daemon.Demo;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Runtime.Tests;
using Microsoft.Playwright;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>The animation of the controller race. Its schedules are simulated, so that every step is the same each time.</summary>
public class RaceTests(Browser browser) : IClassFixture<Browser>
{
    private const string Broken = "document.querySelectorAll('#tables-body td.broken').length";

    [Fact]
    public async Task A_black_hole_stays_under_the_baseline_and_is_repaired_by_virtual_synchrony()
    {
        await using Server server = await Server.StartAsync();
        await using Visit visit = await browser.OpenAsync(server.Url("race=A&approach=baseline&seed=3"));
        IPage page = visit.Page;
        Assert.Contains("default-src 'none'", await visit.Response.HeaderValueAsync("content-security-policy"));
        await visit.WaitAsync("document.body.dataset.run === 'A baseline 3'");

        // Before: all is well. Then step by step, by keyboard, until the link is broken.
        Assert.Equal(0, await page.EvaluateAsync<int>(Broken));
        Assert.Contains("every pair of hosts has a way", await visit.TextAsync("#now"));
        await page.Locator("#next").FocusAsync();
        for (int i = 0; i < 40 && await page.EvaluateAsync<int>(Broken) == 0; i++)
            await page.Keyboard.PressAsync("Enter");
        Assert.Contains("is broken", await visit.TextAsync("#now"));
        Assert.Equal(1, await page.Locator("#ring .box.crashed").CountAsync());
        Assert.True(await page.Locator("#ring .link.broken").CountAsync() == 1);
        Assert.True(await page.Locator("#ring .switch.dead").CountAsync() > 0);
        await visit.ShootAsync("race-broken-light");

        // The end: what is broken stays so, and says which packets end where.
        await page.Locator("#at").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await visit.WaitForTextAsync("#verdict", "never get through again");
        Assert.Contains("The design does not cover this race", await visit.TextAsync("#verdict"));
        Assert.Equal("A baseline 3", await page.EvaluateAsync<string>("document.body.dataset.run"));
        await page.Locator("#tables-body td.broken").First.ClickAsync();
        await visit.WaitForTextAsync("#path", "a black hole");
        Assert.Equal(1, await page.Locator("#ring .route").CountAsync());
        await visit.ShootAsync("race-hole-light");

        // The same faults, another program.
        await page.Locator("#approach").SelectOptionAsync("virtual-synchrony");
        await visit.WaitAsync("document.body.dataset.run === 'A virtual-synchrony 3'");
        Assert.Contains("approach=virtual-synchrony", page.Url);
        await page.Locator("#at").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await visit.WaitForTextAsync("#verdict", "Repaired");
        Assert.Equal(0, await page.EvaluateAsync<int>(Broken));
        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Elsewhere);
    }

    [Fact]
    public async Task It_plays_to_the_end_and_pauses_where_it_is_told()
    {
        await using Server server = await Server.StartAsync();
        await using Visit visit = await browser.OpenAsync(server.Url("race=F&approach=case-by-case&seed=1"));
        await visit.WaitAsync("document.body.dataset.run === 'F case-by-case 1'");
        await visit.Page.Locator("#speed").SelectOptionAsync("4");
        await visit.Page.Locator("#play").ClickAsync();
        await visit.WaitAsync("Number(document.querySelector('#at').value) > 3");
        await visit.Page.Locator("#play").ClickAsync();
        Assert.Equal("Play", await visit.TextAsync("#play"));
        string stays = await visit.TextAsync("#now");
        await visit.Page.Locator("#play").ClickAsync();
        await visit.WaitAsync("document.querySelector('#at').value === document.querySelector('#at').max && document.querySelector('#play').innerText === 'Play'");
        Assert.NotEqual(stays, await visit.TextAsync("#now"));
        await visit.ShootAsync("race-end-light");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task It_offers_every_program_and_race_and_says_what_is_wrong()
    {
        await using Server server = await Server.StartAsync();
        await using Visit visit = await browser.OpenAsync(server.Url("race=E"));
        await visit.WaitAsync("document.body.dataset.run === 'E baseline 1'");
        string[] programs = await visit.Page.Locator("#approach option").AllInnerTextsAsync() is { } options ? [.. options] : [];
        Assert.Equal(Approach.All.Select(static each => each.Name), programs);
        Assert.Equal("A B C D E F G", await visit.Page.EvaluateAsync<string>("[...document.querySelectorAll('#race option')].map(each => each.value).join(' ')"));
        foreach (string program in programs)
        {
            await visit.Page.Locator("#approach").SelectOptionAsync(program);
            await visit.WaitAsync($"document.body.dataset.run === 'E {program} 1'");
            Assert.Contains($"{program}: ", await visit.TextAsync("#idea"));
            Assert.DoesNotContain("undefined", await visit.TextAsync("main"));
        }
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task It_fits_a_phone_in_both_themes_and_a_checker_of_accessibility_finds_nothing()
    {
        await using Server server = await Server.StartAsync();
        foreach ((ColorScheme colours, string name) in new[] { (ColorScheme.Dark, "dark"), (ColorScheme.Light, "light") })
            foreach (int width in new[] { 390, 1280 })
            {
                await using Visit visit = await browser.OpenAsync(server.Url("race=D&approach=declarative&seed=2"), width, 844, colours);
                await visit.WaitAsync("document.body.dataset.run === 'D declarative 2'");
                await visit.Page.Locator("#at").FillAsync("20");
                Assert.Equal(name, await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
                Assert.True(await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"scrolls sideways at {width}");
                await visit.ShootAsync($"race-{(width == 390 ? "phone" : "desk")}-{name}");
                AxeResult found = await visit.Page.RunAxe();
                Assert.Empty(found.Violations.Select(each => $"{name} {width}: {each.Id}: {each.Help}: {string.Join("; ", each.Nodes.Take(3).Select(node => node.Html))}"));
                Assert.Empty(visit.Complaints);
                Assert.Empty(visit.Elsewhere);
            }
    }

    /// <summary>One daemon, alone in its cluster.</summary>
    private sealed class Server(Process process, int port) : IAsyncDisposable
    {
        private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

        public static async Task<Server> StartAsync()
        {
            int port = FreePorts.Next();
            Process process = Process.Start(ChildProgram.Command(
                "serve", "--name", "n1", "--cluster", "shop", "--listen", "127.0.0.1:0", "--http", $"127.0.0.1:{port}", "--log-level", "warning"))
                ?? throw new InvalidOperationException("did not start");
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            using HttpClient http = new();
            for (var late = Stopwatch.StartNew(); !await AnswersAsync(http, port); await Task.Delay(50, TestContext.Current.CancellationToken))
                Assert.True(late.Elapsed < s_limit, $"no answer within {s_limit}");
            return new Server(process, port);
        }

        public string Url(string query) => $"http://127.0.0.1:{port}/race?{query}";

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        private static async Task<bool> AnswersAsync(HttpClient http, int port)
        {
            try
            {
                return (await http.GetAsync($"http://127.0.0.1:{port}/healthz/live", TestContext.Current.CancellationToken)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false; // does not listen yet
            }
        }
    }
}
