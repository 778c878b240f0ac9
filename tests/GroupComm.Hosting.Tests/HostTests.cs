using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;
using static GroupComm.Hosting.Tests.TestHosts;

namespace GroupComm.Hosting.Tests;

public sealed class HostTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_host_handles_what_one_sends(int count)
    {
        await using TestHosts hosts = new();
        IHost[] all = await StartAsync(hosts, count);
        // Usable at once: nobody has waited for the join.
        SendReceipt receipt = await all[0].Group("stock").SendAsync(new Changed("apples", 3), Ct).AsTask().WaitAsync(Limit, Ct);
        await receipt.Delivered.WaitAsync(Limit, Ct);
        await MembersAsync(all);
        await all[^1].Group("stock").SendAsync(new Sold("apples"), DeliveryOrder.Agreed, Ct);
        foreach (IHost host in all)
        {
            Seen seen = host.Services.GetRequiredService<Seen>();
            string text = await seen.NextAsync();
            if (text.StartsWith("apples", StringComparison.Ordinal))
                text = await seen.NextAsync(); // whoever was a member by then has handled the first one too
            Assert.StartsWith("sold apples", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Before_the_join_a_group_says_so_and_waits()
    {
        await using TestHosts hosts = new();
        IHost host = hosts.Build(services => Stock(services, 1, 2));
        IGroup group = host.Group("stock");
        IGroupCommNode node = host.Node();
        Assert.Equal(GroupStatus.Joining, group.Status);
        Assert.Contains("before the host has started", Assert.Throws<InvalidOperationException>(() => node.Id).Message, StringComparison.Ordinal);
        Assert.Contains("not started", node.Waiting, StringComparison.Ordinal);
        await host.StartAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal("n1", node.Id.Name);
        Assert.Contains("still joining", Assert.Throws<InvalidOperationException>(() => group.View).Message, StringComparison.Ordinal);
        Assert.Contains("still joining", Assert.Throws<InvalidOperationException>(() => group.Self).Message, StringComparison.Ordinal);
        Task<SendReceipt> send = group.SendAsync(new Changed("pears", 1), Ct).AsTask();
        using CancellationTokenSource impatient = new();
        Task<SendReceipt> cancelled = group.SendBytesAsync(new byte[1], DeliveryOrder.Fifo, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(send.IsCompleted);
        await hosts.StartAsync(services => Stock(services, 2, 2));
        await (await send.WaitAsync(Limit, Ct)).Delivered.WaitAsync(Limit, Ct);
        Assert.Equal(GroupStatus.Active, group.Status);
        Assert.Equal("n1", group.Self.Node.Name);
        Assert.Null(node.Waiting);
    }

    [Fact]
    public async Task A_scoped_handler_gets_new_services_for_every_message()
    {
        await using TestHosts hosts = new();
        IHost host = await hosts.StartAsync(services =>
        {
            services.AddSingleton<Seen>().AddSingleton<LastWork>().AddScoped<UnitOfWork>();
            services.AddGroupComm(options => Place(options, 1, 1)).AddGroup("stock", g => g.AddScopedHandler<ScopedHandler>());
        });
        for (int i = 0; i < 3; i++)
            await host.Group("stock").SendAsync(new Changed("apples", i), Ct);
        Seen seen = host.Services.GetRequiredService<Seen>();
        Assert.Equal("one in the scope, first", await seen.NextAsync());
        Assert.Equal("one in the scope, new, the last is gone", await seen.NextAsync());
        Assert.Equal("one in the scope, new, the last is gone", await seen.NextAsync());
    }

    [Fact]
    public async Task Functions_options_and_names_reach_the_group()
    {
        await using TestHosts hosts = new();
        TaskCompletionSource<GroupView> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IHost host = await hosts.StartAsync(services => services.AddGroupComm(options => Place(options, 1, 1))
            .AddGroup("stock", g => g
                .Configure(options => (options.MemberName, options.AgreedOnly) = ("shelf", true))
                .Register((_, group) => group.OnView((view, _) =>
                {
                    seen.TrySetResult(view);
                    return ValueTask.CompletedTask;
                })), key: "shelves"));
        Assert.Equal("shelf", (await seen.Task.WaitAsync(Limit, Ct)).Members[0].Name);
        Assert.Equal("stock", host.Group("shelves").Name);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.Group("shelves").SendBytesAsync(new byte[1], DeliveryOrder.Fifo, Ct));
    }

    [Fact]
    public async Task The_start_waits_for_the_join_only_if_asked()
    {
        await using TestHosts hosts = new();
        IHost first = hosts.Build(services => Stock(services, 1, 2).ConfigureHosting(hosting => hosting.WaitForJoin = true));
        Task start = first.StartAsync(Ct);
        await hosts.StartAsync(services => Stock(services, 2, 2));
        await start.WaitAsync(Limit, Ct);
        Assert.Equal(GroupStatus.Active, first.Group("stock").Status);
        Assert.NotEmpty(first.Group("stock").View.Members);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_while_it_waits_says_why_it_waited()
    {
        await using TestHosts hosts = new();
        IHost host = hosts.Build(services => Stock(services, 1, 2), ("GroupComm:WaitForJoin", "true"));
        using CancellationTokenSource stop = new();
        Task start = host.StartAsync(stop.Token);
        await WaitUntilAsync(() => host.Node().Waiting?.Contains("refused", StringComparison.Ordinal) == true);
        await stop.CancelAsync();
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => start.WaitAsync(Limit, Ct));
        string text = error.ToString();
        Assert.Contains("WaitForJoin", text, StringComparison.Ordinal);
        Assert.Contains($"connect {Address(2)}: connection refused", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_stops_leaves_and_the_others_see_it()
    {
        await using TestHosts hosts = new();
        IHost[] all = await StartAsync(hosts, 3);
        await MembersAsync(all);
        await all[2].StopAsync(Ct).WaitAsync(Limit, Ct);
        View view = await all[0].ViewAsync(view => view.Members.Count == 2);
        DepartedNode gone = Assert.Single(view.Departed);
        Assert.Equal(("n3", "left"), (gone.Id.Name, gone.Reason));
        Assert.Equal(GroupStatus.Left, all[2].Group("stock").Status);
    }

    [Fact]
    public async Task Other_services_find_the_group_while_they_start_and_stop()
    {
        await using TestHosts hosts = new();
        IHost host = await hosts.StartAsync(services =>
        {
            // Registered first, and still it finds the node there.
            services.AddHostedService<Companion>();
            Stock(services, 1, 1);
        });
        Seen seen = host.Services.GetRequiredService<Seen>();
        Assert.Equal("start=1", await seen.NextAsync());
        await host.StopAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal("stop=1", await seen.NextAsync());
    }

    [Fact]
    public async Task The_host_may_cut_the_leaving_short()
    {
        await using TestHosts hosts = new();
        IHost[] all = [
            await hosts.StartAsync(services => Stock(services, 1, 2)),
            await hosts.StartAsync(services => Stock(services, 2, 2).Configure(options => options.LeaveTimeout = Limit * 2))];
        await MembersAsync(all);
        hosts.Network.Cut(Address(1), Address(2));
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        // Nobody answers, and LeaveTimeout is longer than this test waits: only the host's own limit can end it.
        await all[1].StopAsync(now.Token).WaitAsync(Limit, Ct);
        hosts.Network.HealAll();
    }

    [Fact]
    public async Task Several_clusters_live_in_one_host()
    {
        await using TestHosts hosts = new();
        IHost host = await hosts.StartAsync(services =>
        {
            services.AddSingleton<Seen>();
            services.AddGroupComm(options => Place(options, 1, 1)).AddGroup("stock", g => g.AddHandler<StockHandler>());
            services.AddGroupComm("orders").AddGroup("orders", g => g.Register((_, group) => group.OnView((_, _) => ValueTask.CompletedTask)));
        }, ("GroupComm:orders:Listen", Address(2)), ("GroupComm:orders:Name", "second"), ("GroupComm:orders:Cluster", "orders"));
        await host.Group("orders").SendBytesAsync(new byte[1], DeliveryOrder.Agreed, Ct).AsTask().WaitAsync(Limit, Ct);
        await host.Group("stock").SendAsync(new Sold("x"), Ct).AsTask().WaitAsync(Limit, Ct);
        Assert.Equal("second", host.Services.GetRequiredKeyedService<IGroupCommNode>("orders").Id.Name);
        Assert.Equal("n1", host.Node().Id.Name);
        Assert.Single(host.Node().View!.Members);
    }

    [Fact]
    public async Task A_join_that_fails_for_good_fails_the_sends_and_not_the_host()
    {
        await using TestHosts hosts = new();
        IHost first = await hosts.StartAsync(services => Stock(services, 1, 1));
        await first.Node().WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        IHost stranger = await hosts.StartAsync(services => Stock(services, 2, 2).Configure(options => options.Cluster = "elsewhere"));
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => stranger.Group("stock").SendAsync(new Sold("x"), Ct).AsTask().WaitAsync(Limit, Ct));
        Assert.Equal(JoinStep.Cluster, error.Step);
        Assert.Contains("elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Equal(GroupStatus.Left, stranger.Group("stock").Status);
        Assert.Contains("elsewhere", stranger.Node().Waiting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_before_the_join_ends_the_wish_to_join()
    {
        await using TestHosts hosts = new();
        IHost host = await hosts.StartAsync(services => Stock(services, 1, 2));
        await host.Group("stock").LeaveAsync(Ct).WaitAsync(Limit, Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Group("stock").SendAsync(new Sold("x"), Ct).AsTask().WaitAsync(Limit, Ct));
        Assert.Equal(GroupStatus.Left, host.Group("stock").Status);
    }

    internal static GroupCommBuilder Stock(IServiceCollection services, int i, int count)
    {
        services.AddSingleton<Seen>();
        return services.AddGroupComm(options => Place(options, i, count)).AddGroup("stock", g => g.AddHandler<StockHandler>());
    }

    internal static async Task<IHost[]> StartAsync(TestHosts hosts, int count)
    {
        List<IHost> all = [];
        for (int i = 1; i <= count; i++)
            all.Add(await hosts.StartAsync(services => Stock(services, i, count)));
        return [.. all];
    }

    /// <summary>Until all are members and all know it.</summary>
    internal static async Task MembersAsync(IHost[] all)
    {
        foreach (IHost host in all)
            await WaitUntilAsync(() => host.Group("stock") is { Status: GroupStatus.Active } group && group.View.Members.Count == all.Length);
    }

    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        for (long began = Environment.TickCount64; !condition(); await look.WaitForNextTickAsync(Ct))
            Assert.True(Environment.TickCount64 - began < Limit.TotalMilliseconds, "the condition did not come true in time");
    }

    private sealed class Companion([FromKeyedServices("stock")] IGroup group) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) => await SendAsync("start");

        public async Task StopAsync(CancellationToken cancellationToken) => await SendAsync("stop");

        private async Task SendAsync(string text) => await (await group.SendAsync(new Changed(text, 1), Ct)).Delivered.WaitAsync(Limit, Ct);
    }
}
