using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>A process with clients of one language in it, driven by JSON lines (interop/conformance.md).</summary>
internal sealed class Puppet : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Child _child;
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<JsonElement>> _events = [];
    private readonly List<string> _errors = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _last;

    public Puppet(Language language)
    {
        _child = Child.Start(language.Start());
        _process = _child.Process;
        _ = ReadAsync();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                if (line.Data is not null)
                    _errors.Add(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Has the client do something; its result, or a failure.</summary>
    public async Task<JsonElement> DoAsync(string actor, string what, JsonObject? with = null)
    {
        JsonElement answer = await TryAsync(actor, what, with);
        return answer.TryGetProperty("ok", out JsonElement ok) ? ok : throw new InvalidOperationException($"{actor} {what}: {answer}; {Errors}");
    }

    /// <summary>The code of the error with which it fails.</summary>
    public async Task<string> FailsAsync(string actor, string what, JsonObject? with = null)
    {
        JsonElement answer = await TryAsync(actor, what, with);
        return answer.TryGetProperty("error", out JsonElement error) ? error.GetString()! : throw new InvalidOperationException($"{actor} {what} did not fail: {answer}");
    }

    /// <summary>All that the client was told so far.</summary>
    public JsonElement[] Events(string actor, string name)
    {
        lock (_lock)
            return [.. _events.GetValueOrDefault(actor, []).Where(each => each.GetProperty("event").GetString() == name)];
    }

    public string[] Texts(string actor, string prefix) =>
        [.. Events(actor, "message").Select(each => each.TryGetProperty("text", out JsonElement text) ? text.GetString()! : "").Where(text => text.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Waits until what the client was told satisfies a condition.</summary>
    public async Task<JsonElement> UntilAsync(string actor, string name, Func<JsonElement, bool> wanted)
    {
        await UntilAsync(() => Events(actor, name).Any(wanted), $"{actor} is told a {name}", () => string.Join('\n', Events(actor, name).TakeLast(5)));
        return Events(actor, name).First(wanted);
    }

    public Task UntilTextsAsync(string actor, string prefix, int count) =>
        UntilAsync(() => Texts(actor, prefix).Length >= count, $"{actor} is told {count} texts '{prefix}…'", () => $"{Texts(actor, prefix).Length} came");

    private async Task UntilAsync(Func<bool> holds, string what, Func<string> instead)
    {
        long end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (true)
        {
            Task news;
            lock (_lock)
                news = _news.Task;
            if (holds())
                return;
            if (_process.HasExited)
                throw new InvalidOperationException($"the puppet ended with {_process.ExitCode}: {Errors}");
            TimeSpan left = TimeSpan.FromMilliseconds(Math.Max(1, end - Environment.TickCount64));
            if (await Task.WhenAny(news, Task.Delay(left, Ct)) != news && Environment.TickCount64 >= end)
                throw new TimeoutException($"{what}: not within {Limit}. {instead()} {Errors}");
            Ct.ThrowIfCancellationRequested();
        }
    }

    private string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors.TakeLast(20));
        }
    }

    private async Task<JsonElement> TryAsync(string actor, string what, JsonObject? with)
    {
        int number = Interlocked.Increment(ref _last);
        JsonObject line = with ?? [];
        (line["n"], line["as"], line["do"]) = (number, actor, what);
        TaskCompletionSource<JsonElement> answer = _waiting[number] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _process.StandardInput.WriteLine(line.ToJsonString());
            _process.StandardInput.Flush();
        }
        try
        {
            return await answer.Task.WaitAsync(Limit, Ct);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{actor} {what} was not answered within {Limit}: {line.ToJsonString()[..Math.Min(300, line.ToJsonString().Length)]} {Errors}");
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } text)
        {
            JsonElement line = JsonDocument.Parse(text).RootElement;
            if (line.TryGetProperty("n", out JsonElement number))
            {
                if (_waiting.TryRemove(number.GetInt32(), out TaskCompletionSource<JsonElement>? answer))
                    answer.TrySetResult(line);
                continue;
            }
            TaskCompletionSource news;
            lock (_lock)
            {
                string actor = line.GetProperty("as").GetString()!;
                if (!_events.TryGetValue(actor, out List<JsonElement>? events))
                    _events.Add(actor, events = []);
                events.Add(line);
                (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            news.TrySetResult();
        }
        foreach (TaskCompletionSource<JsonElement> answer in _waiting.Values)
            answer.TrySetException(new InvalidOperationException($"the puppet ended: {Errors}"));
        _news.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(2));
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(late.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or System.IO.IOException)
        {
            // It does not end by itself, or ended before it read everything.
        }
        await _child.DisposeAsync();
    }
}
