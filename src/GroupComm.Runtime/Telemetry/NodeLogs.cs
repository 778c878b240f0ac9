using System;
using System.Collections;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm.Runtime.Telemetry;

/// <summary>The loggers of one node: every line carries <c>groupcomm.cluster</c> and <c>groupcomm.node</c> as a scope, so that
/// nodes of one process can be told apart. A scope per line is affordable because lines are rare (docs/telemetry.md).</summary>
internal sealed class NodeLogs : ILoggerFactory
{
    private readonly ILoggerFactory _inner;
    private readonly Scope _scope;

    private NodeLogs(ILoggerFactory inner, string cluster, string node) => (_inner, _scope) = (inner, new Scope(cluster, node));

    public static NodeLogs Of(ILoggerFactory? logs, GroupCommOptions options) =>
        logs as NodeLogs ?? new NodeLogs(logs ?? NullLoggerFactory.Instance, options.Cluster, options.Name ?? options.Listen);

    /// <summary>The node's name is known now; a default one depends on the port.</summary>
    public void Rename(string node) => _scope.Node = node;

    public ILogger CreateLogger(string categoryName) => new Logger(_inner.CreateLogger(categoryName), _scope);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("providers belong to the application's factory");

    public void Dispose() { }

    private sealed class Logger(ILogger inner, Scope scope) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using IDisposable? open = inner.BeginScope(scope);
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    private sealed class Scope(string cluster, string node) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public string Node { get; set; } = node;

        public int Count => 2;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => Tags.Of(Tags.Cluster, cluster),
            1 => Tags.Of(Tags.Node, Node),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
            yield return this[1];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"node {Node} of cluster {cluster}";
    }
}
