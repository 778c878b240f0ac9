using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace GroupComm.Hosting.Tests;

/// <summary>Generic hosts of one test, whose nodes meet in memory, and their end.</summary>
internal sealed class TestHosts : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly InMemoryNetwork _network = new();
    private readonly List<IHost> _hosts = [];

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public InMemoryNetwork Network => _network;

    /// <summary>The address of the i-th node.</summary>
    public static string Address(int i) => $"127.0.0.1:{7400 + i}";

    /// <summary>A host that is not started.</summary>
    public IHost Build(Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton<NodeStarter>((options, logs, ct) =>
            GroupCommNode.StartAsync(options, sink => new InMemoryTransport(_network, sink), logs, ct));
        configure(builder.Services);
        IHost host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    public async Task<IHost> StartAsync(Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        IHost host = Build(configure, settings);
        await host.StartAsync(Ct).WaitAsync(Limit, Ct);
        return host;
    }

    /// <summary>The i-th of <paramref name="count"/> nodes, from 1.</summary>
    public static void Place(GroupCommOptions options, int i, int count)
    {
        (options.Name, options.Listen, options.SuspicionTimeout) = ($"n{i}", Address(i), Limit); // nobody is suspected for being slow
        for (int seed = 1; seed <= count && count > 1; seed++)
            options.Seeds.Add(Address(seed));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => ((IAsyncDisposable)host).DisposeAsync().AsTask()));
    }
}

internal static class HostExtensions
{
    public static IGroup Group(this IHost host, string key) => host.Services.GetRequiredKeyedService<IGroup>(key);

    public static IGroupCommNode Node(this IHost host) => host.Services.GetRequiredService<IGroupCommNode>();

    public static async Task<View> ViewAsync(this IHost host, Func<View, bool> wanted)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestHosts.Ct);
        late.CancelAfter(TestHosts.Limit);
        await foreach (View view in host.Node().ReadViewsAsync(late.Token))
            if (wanted(view))
                return view;
        throw new InvalidOperationException("the views ended");
    }
}
