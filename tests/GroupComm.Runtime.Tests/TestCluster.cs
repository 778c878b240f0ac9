using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using Xunit;

namespace GroupComm.Runtime.Tests;

/// <summary>Nodes of one test over TCP or in memory, and their end.</summary>
/// <param name="tcp">Else in memory.</param>
/// <param name="silence">The time-out of suspicion; none: nobody is suspected for being slow.</param>
internal sealed class TestCluster(bool tcp, TimeSpan? silence = null) : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The time-out of suspicion where a test means silence to be noticed. No shorter: all threads of a busy machine pause now and then.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly InMemoryNetwork _network = new();
    private readonly List<IGroupCommNode> _nodes = [];

    public InMemoryNetwork Network => _network;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public GroupCommOptions Options(string name, string listen, IEnumerable<string> seeds)
    {
        GroupCommOptions options = new() { Name = name, Listen = listen, SuspicionTimeout = silence ?? Limit };
        foreach (string seed in seeds)
            options.Seeds.Add(seed);
        return options;
    }

    public async Task<IGroupCommNode> StartAsync(GroupCommOptions options)
    {
        IGroupCommNode node = tcp
            ? await GroupCommNode.StartAsync(options, Ct)
            : await GroupCommNode.StartAsync(options, sink => new InMemoryTransport(_network, sink), null, Ct);
        lock (_nodes)
            _nodes.Add(node);
        return node;
    }

    /// <summary>So many nodes that have met.</summary>
    public async Task<IGroupCommNode[]> StartAsync(int count, Action<GroupCommOptions>? change = null)
    {
        string[] addresses = [.. Enumerable.Range(0, count).Select(_ => FreeAddress())];
        IGroupCommNode[] nodes = await Task.WhenAll(addresses.Select((address, i) =>
        {
            GroupCommOptions options = Options($"n{i + 1}", address, count == 1 ? [] : addresses);
            change?.Invoke(options);
            return StartAsync(options);
        }));
        await Task.WhenAll(nodes.Select(node => node.WaitForPrimaryAsync(Ct))).WaitAsync(Limit, Ct);
        return nodes;
    }

    /// <summary>One member of group <c>g</c> per node; all of them see all.</summary>
    public static async Task<IGroup[]> JoinAllAsync(IGroupCommNode[] nodes, Action<IGroupBuilder, int> configure)
    {
        TaskCompletionSource[] complete = [.. nodes.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        IGroup[] groups = await Task.WhenAll(nodes.Select((node, i) => node.JoinAsync("g", g =>
        {
            configure(g, i);
            g.OnView((view, _) =>
            {
                if (view.Members.Count == nodes.Length)
                    complete[i].TrySetResult();
                return ValueTask.CompletedTask;
            });
        }, Ct))).WaitAsync(Limit, Ct);
        await Task.WhenAll(complete.Select(task => task.Task)).WaitAsync(Limit, Ct);
        return groups;
    }

    public static async Task<View> FirstViewAsync(IGroupCommNode node, Func<View, bool> wanted)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(Limit);
        await foreach (View view in node.ReadViewsAsync(late.Token))
            if (wanted(view))
                return view;
        throw new InvalidOperationException("the views ended");
    }

    public static string FreeAddress() => $"127.0.0.1:{FreePorts.Next()}";

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
}
