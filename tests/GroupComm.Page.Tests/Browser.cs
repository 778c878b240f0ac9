using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>
/// A headless Chromium of the machine: what GROUPCOMM_CHROMIUM names, or the first of the usual names on the path. Where there is
/// none the tests are skipped, except where GROUPCOMM_REQUIRE_CHROMIUM says that there must be one.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    // No look-ups of its own: the tests assert that nothing but the daemon is asked.
    private static readonly string[] s_switches =
        ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];

    private const float s_patience = 120_000; // milliseconds

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Headless = true, Args = s_switches, Timeout = s_patience });
    }

    /// <summary>A page of its own, and what it asked for and complained about.</summary>
    internal async Task<Visit> OpenAsync(string url, int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        if (_browser is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("GROUPCOMM_REQUIRE_CHROMIUM") == "1", "no Chromium: install it, or name one with GROUPCOMM_CHROMIUM");
            Assert.Skip("no Chromium on this machine: install it, or name one with GROUPCOMM_CHROMIUM");
        }
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(s_patience);
        context.SetDefaultNavigationTimeout(s_patience);
        IPage page = await context.NewPageAsync();
        Visit visit = new(context, page, url);
        IResponse? response = await page.GotoAsync(url, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        visit.Response = response!;
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string? Find() => Environment.GetEnvironmentVariable("GROUPCOMM_CHROMIUM") is { Length: > 0 } named
        ? named
        : s_names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

/// <summary>One look at a page.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];
    private readonly string _origin;

    public Visit(IBrowserContext context, IPage page, string url)
    {
        (_context, Page, _origin) = (context, page, new Uri(url).GetLeftPart(UriPartial.Authority));
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Add(_complaints, $"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Add(_complaints, $"exception: {error}");
        page.Request += (_, request) => Add(_requests, request.Url);
    }

    public IPage Page { get; }

    public IResponse Response { get; set; } = null!;

    public string[] Complaints => Copy(_complaints);

    /// <summary>Every address that was asked.</summary>
    public string[] Requests => Copy(_requests);

    /// <summary>Everything that was asked of any other host.</summary>
    public string[] Elsewhere => [.. Copy(_requests).Where(url => !url.StartsWith(_origin + "/", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal))];

    public Task<string> TextAsync(string selector) => Page.Locator(selector).InnerTextAsync();

    /// <summary>Asks again and again from outside: the page's policy forbids scripts to be evaluated in it.</summary>
    public async Task WaitAsync(string expression)
    {
        for (var late = Stopwatch.StartNew(); !await Page.EvaluateAsync<bool>(expression); await Task.Delay(100, TestContext.Current.CancellationToken))
            Assert.True(late.Elapsed < s_limit, $"not within {s_limit}: {expression}; complaints: {string.Join("; ", Complaints)}");
    }

    public async Task WaitForTextAsync(string selector, string text)
    {
        for (var late = Stopwatch.StartNew(); !(await TextAsync(selector)).Contains(text, StringComparison.Ordinal); await Task.Delay(100, TestContext.Current.CancellationToken))
            if (late.Elapsed > s_limit)
                Assert.Fail($"{selector} does not say '{text}' within {s_limit} but '{await TextAsync(selector)}'; complaints: {string.Join("; ", Complaints)}");
    }

    /// <summary>Kept for people where GROUPCOMM_SCREENSHOTS names a folder.</summary>
    public async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("GROUPCOMM_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.EvaluateAsync("scrollTo(0, 0)");
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static void Add(List<string> list, string text)
    {
        lock (list)
            list.Add(text);
    }

    private static string[] Copy(List<string> list)
    {
        lock (list)
            return [.. list];
    }
}
