using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Children;

/// <summary>The address that a node listens at, taken from what the node logs when it starts: the public API has no word for it.</summary>
internal sealed class BoundAddress : ILoggerProvider, ILogger
{
    public string Text { get; private set; } = "";

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => Text.Length == 0;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Text.Length > 0 || eventId.Name != "Started" || state is not IEnumerable<KeyValuePair<string, object?>> values)
            return;
        foreach (KeyValuePair<string, object?> value in values)
            if (value.Key == "Address")
                Text = value.Value?.ToString() ?? "";
    }

    public void Dispose()
    {
    }
}
