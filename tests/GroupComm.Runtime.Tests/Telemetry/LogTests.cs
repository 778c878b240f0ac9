using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using GroupComm.Transport;
using Microsoft.Extensions.Logging;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Telemetry;

public class LogTests
{
    [Fact]
    public void Ids_are_unique_and_stand_on_the_page_with_level_and_category()
    {
        List<string> code = [.. Declared(typeof(RuntimeLog), "GroupComm"), .. Declared(typeof(CloseReason).Assembly.GetType("GroupComm.Transport.TransportLog")!, "GroupComm.Transport")];
        Assert.Equal(code.Count, code.Select(line => line.Split(' ')[0]).Distinct().Count());
        Assert.Equal(Page.Rows("id").Select(row => $"{row[0]} {row[1]} {row[2]}"), code);
    }

    [Fact]
    public async Task Lines_name_cluster_and_node_and_no_message_writes_one()
    {
        Lines log = new();
        InMemoryNetwork network = new();
        GroupCommOptions options = new() { Cluster = "logs", Name = "n1", Listen = "127.0.0.1:29002" };
        await using IGroupCommNode node = await GroupCommNode.StartAsync(options, sink => new InMemoryTransport(network, sink), log, Ct);
        await node.WaitForPrimaryAsync(Ct);
        Recorder recorder = new();
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(recorder.Handle), Ct);
        int before = log.All.Count;
        for (int i = 0; i < 1000; i++)
            await group.SendBytesAsync(Recorder.Bytes("x"), DeliveryOrder.Safe, Ct);
        await recorder.WaitAsync(1000);
        Assert.Equal(before, log.All.Count);
        Assert.All(log.All, line => Assert.Equal(["logs", "n1"], line.Scope.Select(tag => tag.Value)));
        Assert.Contains(log.All, line => line.Id == 2);
    }

    private static IEnumerable<string> Declared(Type type, string category) => type
        .GetMethods(BindingFlags.Static | BindingFlags.Public)
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
        .OrderBy(line => line.EventId).Select(line => $"{line.EventId} {line.Level} {category}");

    private sealed record Line(int Id, IReadOnlyList<KeyValuePair<string, object?>> Scope);

    private sealed class Lines : ILoggerFactory, ILogger
    {
        private IReadOnlyList<KeyValuePair<string, object?>> _scope = [];

        public ConcurrentQueue<Line> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            _scope = (IReadOnlyList<KeyValuePair<string, object?>>)state;
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(new Line(eventId.Id, _scope));
    }
}
