using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;
using static GroupComm.Hosting.Tests.TestHosts;

namespace GroupComm.Hosting.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void A_second_cluster_needs_a_name()
    {
        ServiceCollection services = new();
        services.AddGroupComm();
        Assert.Contains("AddGroupComm(\"orders\", o => …)", Mistake(() => services.AddGroupComm()), StringComparison.Ordinal);
        services.AddGroupComm("orders");
        Assert.Contains("another name", Mistake(() => services.AddGroupComm("Orders")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_key_is_given_once_in_a_host()
    {
        ServiceCollection services = new();
        services.AddGroupComm().AddGroup("stock", _ => { });
        Assert.Contains("key: ", Mistake(() => services.AddGroupComm("orders").AddGroup("stock", _ => { })), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_in_a_group_are_found_where_they_are_made()
    {
        Assert.Contains("does not implement IMessageHandler<…>", Group(g => g.AddHandler<Seen>()), StringComparison.Ordinal);
        Assert.Contains("does not implement IQueryHandler<…>", Group(g => g.AddQueryHandler<FailingHandler>()), StringComparison.Ordinal);
        Assert.Contains("handled by StockHandler already", Group(g => g.AddHandler<StockHandler>().AddHandler<FailingHandler>()), StringComparison.Ordinal);
        Assert.Contains("no handler", Group(g => g.WithConflictKey<Sold>(sold => sold.Item)), StringComparison.Ordinal);
        Assert.Contains("there is one", Group(g => g.AddState<StockHandler>().AddState<StockHandler>()), StringComparison.Ordinal);
        Assert.Contains("AddScopedHandler", Group(g => g.AddHandler<FailingHandler>(), services => services.AddScoped<FailingHandler>()), StringComparison.Ordinal);
    }

    [Fact]
    public void Handler_and_state_are_one_object()
    {
        ServiceCollection services = new();
        services.AddSingleton<Seen>();
        services.AddGroupComm().AddGroup("stock", g => g.AddHandler<StockHandler>().AddQueryHandler<StockHandler>().AddState<StockHandler>());
        Assert.Single(services, service => service.ServiceType == typeof(StockHandler));
    }

    [Fact]
    public async Task Everything_registered_reaches_the_group()
    {
        RecordingGroup built = new();
        await using TestHosts hosts = new();
        IHost host = hosts.Build(services =>
        {
            services.AddSingleton<Seen>();
            services.AddSingleton<NodeStarter>((_, _, _) => Task.FromResult<IGroupCommNode>(new RecordingNode(built)));
            services.AddGroupComm(options => Place(options, 1, 1))
                .AddGroup("stock", g => g.AddHandler<StockHandler>().AddQueryHandler<StockHandler>().AddState<StockHandler>().WithConflictKey<Changed>(changed => changed.Item));
        });
        await host.StartAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal(["Changed by apples", "Sold", "HowMany -> Int32", "state"], built.Registered);
    }

    [Fact]
    public async Task A_handler_that_cannot_be_made_stops_the_start()
    {
        await using TestHosts hosts = new();
        // Nobody registered what StockHandler needs.
        IHost host = hosts.Build(services => services.AddGroupComm(options => Place(options, 1, 1)).AddGroup("stock", g => g.AddHandler<StockHandler>()));
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Contains("group 'stock' cannot be joined as it is registered", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Seen), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_without_a_host_can_be_disposed()
    {
        ServiceCollection services = new();
        services.AddGroupComm().AddGroup("stock", _ => { });
        ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(GroupStatus.Joining, provider.GetRequiredKeyedService<IGroup>("stock").Status);
        _ = provider.GetRequiredService<IGroupCommNode>();
        await Task.Run(provider.Dispose, Ct).WaitAsync(Limit, Ct);
    }

    private static string Group(Action<GroupServiceBuilder> configure, Action<IServiceCollection>? before = null)
    {
        ServiceCollection services = new();
        before?.Invoke(services);
        return Mistake(() => services.AddGroupComm().AddGroup("stock", configure));
    }

    private static string Mistake(Action action) => Assert.Throws<InvalidOperationException>(action).Message;
}
