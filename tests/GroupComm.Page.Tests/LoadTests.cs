using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>The page while three daemons multicast, and while one of them is killed.</summary>
public class LoadTests(Browser browser) : IClassFixture<Browser>
{
    private const string Crossed = "document.querySelectorAll('#strip .lane').length === 3 && Number(document.querySelector('#strip svg').dataset.crossed) > 0";

    [Fact]
    public async Task Three_nodes_under_load_and_a_crash()
    {
        await using Trio trio = await Trio.StartAsync("stock:400:causal", "stock:400:causal", "stock:200:agreed");
        await using Visit visit = await browser.OpenAsync(trio.Url(0));
        IPage page = visit.Page;

        Assert.Contains("default-src 'none'", await visit.Response.HeaderValueAsync("content-security-policy"));
        await visit.WaitForTextAsync("#status-text", "live");
        await visit.WaitForTextAsync("#cluster", "shop");

        // Members by rank; what is of this node; both orders flow.
        await visit.WaitAsync("document.querySelectorAll('#members tbody tr').length === 3");
        foreach (string text in new[] { "n1", "n2", "n3", "this node", "coordinator", "alive" })
            await visit.WaitForTextAsync("#members-body", text);
        await visit.WaitAsync("[...document.querySelectorAll('#orders tbody tr')].filter(row => Number(row.cells[2].innerText) > 50).length === 2");
        await visit.WaitAsync("/ms/.test(document.querySelector('#orders tbody tr:nth-child(2)').cells[4].innerText)"); // delivery p50

        // Round trips between all pairs, n2 to n3 too, which this node cannot know by itself.
        await visit.WaitAsync("[...document.querySelectorAll('#links td:not(.self)')].filter(cell => / ms$/.test(cell.innerText)).length === 6");

        // Causal messages cross, agreed ones never.
        for (bool holds = false; !holds;) // a crossing stays for five seconds: a late click may miss it
        {
            await visit.WaitAsync(Crossed);
            await page.Locator("#strip-hold").ClickAsync();
            holds = await page.EvaluateAsync<bool>(Crossed);
            if (holds)
                Assert.Contains("different order", await page.Locator("#strip svg").GetAttributeAsync("aria-label"));
            await page.Locator("#strip-hold").ClickAsync();
        }
        await visit.WaitAsync("[...document.querySelectorAll('#strip-counts tbody tr')].some(row => row.cells[0].innerText === 'causal' && Number(row.cells[2].innerText.replace(',', '')) > 0)");
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('#strip-counts tbody tr')].filter(row => /agreed|safe/.test(row.cells[0].innerText)).every(row => row.cells[2].innerText === '0')"));
        await visit.WaitAsync("document.querySelectorAll('#stability tbody tr').length === 3");
        await visit.WaitForTextAsync("#groups-body", "stock");
        Assert.DoesNotContain("groupcomm.page", await visit.TextAsync("main"));
        await visit.ShootAsync("load-light");

        // A crash: the view without it, and why.
        await trio.KillAsync(2);
        await visit.WaitAsync("document.querySelectorAll('#members tbody tr:not(.gone)').length === 2");
        await visit.WaitForTextAsync("#views-body li:first-child", "n3 left: ");
        Assert.Matches(new Regex(@"n3 left: \S+"), await visit.TextAsync("#views-body li:first-child"));
        await visit.WaitForTextAsync("#members tr.gone", "gone: ");
        await visit.WaitAsync("document.querySelectorAll('#strip .lane').length === 2");
        await visit.WaitAsync("[...document.querySelectorAll('#links td:not(.self)')].filter(cell => / ms$/.test(cell.innerText)).length === 2");
        await visit.WaitAsync("Number(document.querySelector('#orders tbody tr:nth-child(2)').cells[2].innerText) > 50");
        await visit.ShootAsync("crash-light");

        // This daemon dies too: the page says so and keeps what it knew.
        string[] before = visit.Complaints;
        Assert.Empty(before);
        await trio.KillAsync(0);
        await visit.WaitForTextAsync("#notice", "does not answer");
        await visit.WaitForTextAsync("#status-text", "no answer");
        Assert.Contains("n2", await visit.TextAsync("#members-body"));
        await visit.ShootAsync("lost-light");
        Assert.Empty(visit.Elsewhere);
    }

    [Fact]
    public async Task What_waits_for_a_node_that_stands_still_is_named_with_the_reason()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGSTOP");
        await using Trio trio = await Trio.StartAsync(null, "stock:100:agreed", null);
        await using Visit visit = await browser.OpenAsync(trio.Url(1));
        await visit.WaitForTextAsync("#waiting-body", "Nothing waits");
        await visit.WaitAsync("document.querySelectorAll('#strip .lane').length === 3");
        Assert.StartsWith("n1 ", await visit.TextAsync("#members tbody tr:first-child th"), StringComparison.Ordinal); // assigns the numbers
        trio.Stop(0);
        await visit.WaitForTextAsync("#waiting-body", "has no number yet: n1#");
        await visit.WaitAsync("document.querySelectorAll('#waiting-body tbody tr').length > 0 && Number(document.querySelectorAll('#figures dd')[4].firstChild.data.replace(',', '')) > 0");
        await visit.WaitForTextAsync("#stability-body", "held back by n1"); // the ack that shows it comes with a later half second than the first message that waits
        await visit.ShootAsync("waiting-light");
        trio.Continue(0);
        await visit.WaitForTextAsync("#waiting-body", "Nothing waits");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task It_fits_a_phone_in_both_themes_and_a_checker_of_accessibility_finds_nothing()
    {
        await using Trio trio = await Trio.StartAsync("stock:300:causal", "stock:300:causal", "orders:100:safe");
        foreach ((ColorScheme colours, string name) in new[] { (ColorScheme.Dark, "dark"), (ColorScheme.Light, "light") })
            foreach (int width in new[] { 390, 1280 })
            {
                await using Visit visit = await browser.OpenAsync(trio.Url(1), width, 844, colours);
                await visit.WaitAsync("document.querySelectorAll('#links td:not(.self)').length === 6 && document.querySelectorAll('#strip .lane').length === 3");
                await visit.Page.Locator("#pause").ClickAsync();
                Assert.Equal(name, await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
                Assert.True(await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"scrolls sideways at {width}");
                await visit.ShootAsync($"{(width == 390 ? "phone" : "desk")}-{name}");
                AxeResult found = await visit.Page.RunAxe();
                Assert.Empty(found.Violations.Select(each => $"{name} {width}: {each.Id}: {each.Help}: {string.Join("; ", each.Nodes.Take(3).Select(node => node.Html))}"));
                Assert.Empty(visit.Complaints);
                Assert.Empty(visit.Elsewhere);
            }
    }
}
