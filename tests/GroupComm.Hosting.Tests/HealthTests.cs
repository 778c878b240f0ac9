using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;
using static GroupComm.Hosting.Tests.TestHosts;

namespace GroupComm.Hosting.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_is_in_a_primary_view_with_every_group_joined()
    {
        await using TestHosts hosts = new();
        IHost first = hosts.Build(services => Checked(services, 1, 2));
        Assert.Equal((HealthStatus.Unhealthy, "the host has not started its node yet"), await CheckAsync(first));
        await first.StartAsync(Ct);
        await HostTests.WaitUntilAsync(() => first.Node().Waiting is { } text && text.Contains("refused", StringComparison.Ordinal) && text.Contains("expects", StringComparison.Ordinal));
        HealthReportEntry waiting = await ReportAsync(first);
        Assert.Equal(HealthStatus.Unhealthy, waiting.Status);
        Assert.Contains("expects 2 nodes, sees none and itself", waiting.Description, StringComparison.Ordinal);
        Assert.Equal($"connect {Address(2)}: connection refused", waiting.Data["obstacle.2"]);
        Assert.Contains("ready", waiting.Tags);

        IHost second = await hosts.StartAsync(services => Checked(services, 2, 2));
        await HostTests.MembersAsync([first, second]);
        HealthReportEntry ready = await ReportAsync(first);
        Assert.Equal((HealthStatus.Healthy, "in a primary view, all groups joined"), (ready.Status, ready.Description));
        Assert.Contains("n2#", (string)ready.Data["view"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_lost_its_quorum_is_unhealthy_and_says_so()
    {
        await using TestHosts hosts = new();
        IHost[] all = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(i => hosts.StartAsync(services =>
        {
            Checked(services, i, 3);
            services.Configure<GroupCommOptions>(options => options.SuspicionTimeout = TimeSpan.FromSeconds(2));
        })))];
        await HostTests.MembersAsync(all);
        hosts.Network.Cut(Address(3), Address(1));
        hosts.Network.Cut(Address(3), Address(2));
        await HostTests.WaitUntilAsync(() => !all[2].Node().IsPrimary);
        (HealthStatus status, string? text) = await CheckAsync(all[2]);
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.Contains("not primary", text, StringComparison.Ordinal);
        hosts.Network.HealAll();
    }

    [Fact]
    public async Task Failing_handlers_degrade_for_a_while()
    {
        await using TestHosts hosts = new();
        IHost host = await hosts.StartAsync(services =>
        {
            services.AddSingleton<Seen>();
            services.AddGroupComm(options => Place(options, 1, 1)).AddGroup("stock", g => g.AddHandler<FailingHandler>());
            services.AddHealthChecks().AddGroupComm();
        });
        await (await host.Group("stock").SendAsync(new Changed("apples", 0), Ct).AsTask().WaitAsync(Limit, Ct)).Delivered.WaitAsync(Limit, Ct);
        await host.Services.GetRequiredService<Seen>().NextAsync();
        (HealthStatus Status, string? Text) found = (HealthStatus.Healthy, null);
        for (long began = Environment.TickCount64; found.Status != HealthStatus.Degraded && Environment.TickCount64 - began < Limit.TotalMilliseconds; await Task.Yield())
            found = await CheckAsync(host);
        Assert.Equal((HealthStatus.Degraded, "InvalidDataException in a handler of group 'stock': apples are out"), found);
        GroupCommHostingOptions hosting = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<GroupCommHostingOptions>>().Get("");
        hosting.HandlerFailureWindow = TimeSpan.Zero; // the while is over
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task A_member_that_had_to_go_is_missed_and_one_that_wanted_to_is_not()
    {
        await using TestHosts hosts = new();
        IHost host = await hosts.StartAsync(services =>
        {
            services.AddSingleton<Seen>();
            services.AddGroupComm(options => Place(options, 1, 1))
                .AddGroup("wanted", _ => { })
                .AddGroup("stock", _ => { }, key: "another member") // the last one would stay
                .AddGroup("stock", g => g.AddHandler<FailingHandler>().Configure(options => options.HandlerFailurePolicy = HandlerFailurePolicy.Stop));
            services.AddHealthChecks().AddGroupComm();
            services.Configure<GroupCommHostingOptions>(hosting => hosting.HandlerFailureWindow = TimeSpan.Zero);
        });
        await host.Group("wanted").SendBytesAsync(new byte[1], DeliveryOrder.Fifo, Ct).AsTask().WaitAsync(Limit, Ct);
        await host.Group("wanted").LeaveAsync(Ct).WaitAsync(Limit, Ct);
        await HostTests.WaitUntilAsync(() => host.Group("stock") is { Status: GroupStatus.Active, View.Members.Count: 2 });
        await HostTests.WaitUntilAsync(() => host.Group("another member").Status == GroupStatus.Active);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        await host.Group("stock").SendAsync(new Changed("apples", 0), Ct);
        await HostTests.WaitUntilAsync(() => host.Group("stock").Status == GroupStatus.Left);
        (HealthStatus status, string? text) = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.Contains("left group 'stock' unasked", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_of_a_cluster_that_is_not_there_names_the_fix()
    {
        ServiceCollection services = new();
        services.AddLogging().AddGroupComm("orders");
        services.AddHealthChecks().AddGroupComm("order");
        HealthReport report = await services.BuildServiceProvider().GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct).ContinueWith(
            task => task.IsFaulted ? new HealthReport(new System.Collections.Generic.Dictionary<string, HealthReportEntry> { ["x"] = new(HealthStatus.Unhealthy, task.Exception!.InnerException!.Message, default, null, null) }, default) : task.Result, Ct);
        HealthReportEntry entry = report.Entries.Values.Single();
        Assert.Contains("no cluster 'order'", entry.Description ?? entry.Exception?.Message, StringComparison.Ordinal);
    }

    private static void Checked(IServiceCollection services, int i, int count)
    {
        HostTests.Stock(services, i, count);
        services.AddHealthChecks().AddGroupComm();
    }

    private static async Task<(HealthStatus Status, string? Text)> CheckAsync(IHost host)
    {
        HealthReportEntry entry = await ReportAsync(host);
        return (entry.Status, entry.Description);
    }

    private static async Task<HealthReportEntry> ReportAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Ct)).Entries["groupcomm"];
}
