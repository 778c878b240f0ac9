using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GroupComm.Hosting.Tests.Guide;

/// <summary>The first example of docs/hosting.md, compiled and not run: what stands between the markers must be its first csharp
/// block (GuideTests).</summary>
internal static class GuideExample
{
    internal static async Task RunAsync()
    {
        // guide: begin
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddGroupComm(o => o.Cluster = "shop")
            .AddGroup("stock", g => g.AddHandler<StockHandler>());
        builder.Services.AddHealthChecks().AddGroupComm();
        builder.Services.AddHostedService<Seller>();
        await builder.Build().RunAsync();
        // guide: end
    }
}

// guide: begin
/// <summary>Given every sale of every replica, in one order.</summary>
public sealed class StockHandler : IMessageHandler<Sold>
{
    private readonly Dictionary<string, int> _left = new() { ["apples"] = 100 };

    public ValueTask HandleAsync(Sold sold, MessageContext context, CancellationToken ct)
    {
        _left[sold.Item] = _left.GetValueOrDefault(sold.Item) - sold.Count;
        return ValueTask.CompletedTask;
    }
}

public sealed class Seller([FromKeyedServices("stock")] IGroup stock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SendReceipt receipt = await stock.SendAsync(new Sold("apples", 1), stoppingToken); // waits for the join
        await receipt.Safe; // more than half of the replicas hold it
    }
}

[GroupMessage("sold")]
public sealed record Sold(string Item, int Count);
// guide: end
