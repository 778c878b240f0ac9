// A worker service as the template makes one: joins its group when the host starts, says so, and leaves when it stops.
using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddGroupComm(o => o.Cluster = "packages").AddGroup("stock", g => g.AddHandler<StockHandler>());
builder.Services.AddHostedService<Seller>();
builder.Build().Run();
Console.WriteLine("stopped");

public sealed class StockHandler : IMessageHandler<Sold>
{
    public ValueTask HandleAsync(Sold sold, MessageContext context, CancellationToken ct)
    {
        Console.WriteLine($"sold {sold.Item}");
        return ValueTask.CompletedTask;
    }
}

public sealed class Seller([FromKeyedServices("stock")] IGroup stock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await stock.SendAsync(new Sold("apples"), stoppingToken);
}

[GroupMessage("sold")]
public sealed record Sold(string Item);
