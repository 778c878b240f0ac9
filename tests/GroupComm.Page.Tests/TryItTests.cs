using System;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>A visitor without a mouse; and what the page says when it is refused.</summary>
public class TryItTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Join_send_and_leave_by_keyboard()
    {
        await using Trio trio = await Trio.StartAsync(null, null, null);
        await using Visit visit = await browser.OpenAsync(trio.Url(0));
        IPage page = visit.Page;
        await visit.WaitForTextAsync("#waiting-body", "Nothing waits");
        await visit.WaitForTextAsync("#groups-body", "No groups");
        await visit.WaitForTextAsync("#strip-body", "No recent deliveries");
        await visit.ShootAsync("idle-light");

        // The first stop is the way past the navigation; whatever has the focus shows it.
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("document.activeElement.innerText"));
        await TabToAsync(page, "theme");
        Assert.Equal("solid", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));

        await TabToAsync(page, "try-member");
        await page.Keyboard.TypeAsync("alice");
        await page.Keyboard.PressAsync("Enter");
        await visit.WaitForTextAsync("#try-result", "Joined demo as alice");
        await visit.WaitForTextAsync("#groups-body", "demo");
        await TabToAsync(page, "try-text");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("<b>grüße</b>");
        await TabToAsync(page, "try-order");
        await page.Keyboard.TypeAsync("safe");
        await TabToAsync(page, "try-send");
        await page.Keyboard.PressAsync("Enter");
        await visit.WaitForTextAsync("#try-log", "<b>grüße</b>"); // as text: it is nobody's markup
        await visit.WaitForTextAsync("#try-log", "safe, from n1/alice");
        await visit.WaitForTextAsync("#try-result", "delivered after"); // the answer comes beside the event
        await visit.ShootAsync("try-dark");

        // A second alice is refused, in the daemon's own words.
        await using Visit second = await browser.OpenAsync(trio.Url(0));
        await second.Page.Locator("#try-member").FillAsync("alice");
        await second.Page.Locator("#try-join").ClickAsync();
        await second.WaitForTextAsync("#try-result", "already");

        await page.Locator("#try-join").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await visit.WaitForTextAsync("#try-result", "alice left demo");
        await visit.WaitForTextAsync("#groups-body", "No groups");
        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Elsewhere);
    }

    private static async Task TabToAsync(IPage page, string id)
    {
        for (int i = 0; i < 60; i++)
        {
            if (await page.EvaluateAsync<string>("document.activeElement.id") == id)
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"the tab key does not reach {id}");
    }
}
