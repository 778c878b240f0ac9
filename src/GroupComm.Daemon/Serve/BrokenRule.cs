using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Serve;

/// <summary>Notes whether the node said that one of its own rules broke (the only thing it calls critical): exit code 70.</summary>
internal sealed class BrokenRule : ILoggerProvider, ILogger
{
    private volatile bool _seen;

    public bool Seen => _seen;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Critical)
            _seen = true;
    }

    public void Dispose()
    {
    }
}
