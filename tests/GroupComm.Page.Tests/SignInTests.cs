using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>A daemon that wants a token: the page is given to all, and what it shows to the bearer alone.</summary>
public class SignInTests(Browser browser) : IClassFixture<Browser>
{
    private const string Token = "a-token-of-the-page-tests";

    [Fact]
    public async Task The_page_asks_for_the_token_and_sends_it_in_a_header()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the modes of a unix");
        string directory = Directory.CreateTempSubdirectory("groupcomm-page-").FullName, file = Path.Combine(directory, "token");
        try
        {
            await File.WriteAllTextAsync(file, Token, TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await using Trio trio = await Trio.StartGuardedAsync(file, Token);
            await using Visit visit = await browser.OpenAsync(trio.Url(0), width: 900, height: 600);
            IPage page = visit.Page;
            Assert.Contains("default-src 'none'", await visit.Response.HeaderValueAsync("content-security-policy"));

            // Nothing of the cluster is told, and the box has the focus.
            await visit.WaitForTextAsync("#status-text", "signed out");
            Assert.True(await page.Locator("#sign-in").IsVisibleAsync());
            Assert.False(await page.Locator("#members").IsVisibleAsync());
            Assert.DoesNotContain("shop", await visit.TextAsync("body"));
            await visit.ShootAsync("sign-in-light");

            await visit.WaitAsync("document.activeElement.id === 'token'");
            await page.Keyboard.TypeAsync("another-token-than-that");
            await page.Keyboard.PressAsync("Enter");
            await visit.WaitForTextAsync("#token-result", "another token");
            await visit.WaitAsync("document.activeElement.id === 'token'");
            await page.Keyboard.TypeAsync(Token);
            await page.Keyboard.PressAsync("Enter");
            await visit.WaitForTextAsync("#status-text", "live");
            await visit.WaitAsync("document.querySelectorAll('#members tbody tr').length === 3");
            Assert.False(await page.Locator("#sign-in").IsVisibleAsync());

            // Streams and sends bear it too.
            await page.Locator("#try-member").FillAsync("alice");
            await page.Locator("#try-join").ClickAsync();
            await visit.WaitForTextAsync("#try-result", "Joined demo as alice");
            await page.Locator("#try-send").ClickAsync();
            await visit.WaitForTextAsync("#try-log", "agreed, from n1/alice");

            // It outlives a reload, in this tab alone, and is in no address.
            await page.ReloadAsync();
            await visit.WaitForTextAsync("#status-text", "live");
            Assert.Equal(Token, await page.EvaluateAsync<string>("sessionStorage.getItem('groupcomm.token')"));
            Assert.Equal(0, await page.EvaluateAsync<int>("Object.values(localStorage).filter(value => value.includes('token')).length"));
            Assert.DoesNotContain(visit.Requests, url => url.Contains(Token, StringComparison.Ordinal));

            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await page.Locator("#sign-out").ClickAsync();
            await visit.WaitForTextAsync("#status-text", "signed out");
            Assert.Null(await page.EvaluateAsync<string?>("sessionStorage.getItem('groupcomm.token')"));
            await visit.ShootAsync("sign-in-dark");
            Assert.Empty(visit.Elsewhere);
            Assert.All(visit.Complaints, complaint => Assert.Matches("status of 40[13]", complaint)); // the browser's own words on each refusal
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
