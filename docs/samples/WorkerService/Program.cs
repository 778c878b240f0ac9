// A worker service in several replicas of which one works at a time: the senior member of the group. When it dies, the next one
// takes over in milliseconds, and knows what was done.
//
//   GROUPCOMM__LISTEN=127.0.0.1:7401 GROUPCOMM__SEEDS=127.0.0.1:7401,127.0.0.1:7402,127.0.0.1:7403 dotnet run
//
// and the same with 7402 and 7403. Kill the one that works; stop another with Ctrl-C, which leaves.
using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddFilter("GroupComm", LogLevel.Warning);
builder.Services.AddSingleton<Ledger>();
builder.Services.AddGroupComm(o => o.Cluster = "jobs")
    .AddGroup("jobs", g => g.AddHandler<DoneHandler>().Register((_, member) => member.OnView(Show)));
builder.Services.AddHostedService<Worker>();
await builder.Build().RunAsync();

static ValueTask Show(GroupView view, CancellationToken ct)
{
    Console.WriteLine($"view {view.Id}: {view.Members.Count} members, {view.Members[0].Node.Name} works ({view.Reason})");
    return ValueTask.CompletedTask;
}

/// <summary>A job is done: said to all, so that whoever takes over goes on after it.</summary>
[GroupMessage("done", Order = DeliveryOrder.Safe)]
public sealed record Done(int Job);

/// <summary>What this replica knows.</summary>
public sealed class Ledger
{
    /// <summary>The last job that was done.</summary>
    public volatile int Last;
}

/// <summary>Given every job that was done, at every replica in one order.</summary>
public sealed class DoneHandler(Ledger ledger) : IMessageHandler<Done>
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Done message, MessageContext context, CancellationToken ct)
    {
        ledger.Last = Math.Max(ledger.Last, message.Job);
        Console.WriteLine($"job {message.Job} was done by {context.SenderNode.Name}");
        return ValueTask.CompletedTask;
    }
}

/// <summary>Works while its member is the senior one of the group.</summary>
public sealed class Worker([FromKeyedServices("jobs")] IGroup jobs, Ledger ledger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int sent = 0;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (jobs.Status != GroupStatus.Active || jobs.View.Members[0] != jobs.Self)
                continue;
            if (ledger.Last < sent)
                continue; // its own handler has not come to it yet
            try
            {
                // The outside world would be shown jobs.FencingToken here: it refuses an older one.
                sent = ledger.Last + 1;
                SendReceipt receipt = await jobs.SendAsync(new Done(sent), stoppingToken);
                await receipt.Delivered.WaitAsync(stoppingToken);
            }
            catch (GroupCommException)
            {
                sent = 0; // not primary, or excluded in the middle: somebody else works now
            }
        }
    }
}
