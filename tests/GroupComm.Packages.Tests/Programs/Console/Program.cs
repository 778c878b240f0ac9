// Two nodes in one process: join, register, send; each must be given what the other sent. Exit 0, or an exception.
using System;
using System.Threading.Tasks;
using GroupComm;

TimeSpan limit = TimeSpan.FromSeconds(120);
TaskCompletionSource atOne = new(), atTwo = new();

await using IGroupCommNode one = await GroupCommNode.StartAsync(new GroupCommOptions { Name = "one", Listen = "127.0.0.1:0", SuspicionTimeout = limit });
await one.WaitForPrimaryAsync().WaitAsync(limit);
await using IGroupCommNode two = await GroupCommNode.StartAsync(new GroupCommOptions
{
    Name = "two",
    Listen = "127.0.0.1:0",
    SuspicionTimeout = limit,
    Seeds = { one.View!.Members[0].Address },
});
await two.WaitForPrimaryAsync().WaitAsync(limit);

IGroup stockAtOne = await JoinAsync(one, atOne).WaitAsync(limit);
IGroup stockAtTwo = await JoinAsync(two, atTwo).WaitAsync(limit);
SendReceipt receipt = await stockAtOne.SendAsync(new StockChanged("apples", 3), DeliveryOrder.Safe);
await stockAtTwo.SendAsync(new StockChanged("pears", 4));
await receipt.Safe.WaitAsync(limit);
await Task.WhenAll(atOne.Task, atTwo.Task).WaitAsync(limit);
await two.LeaveAsync().WaitAsync(limit);
await one.LeaveAsync().WaitAsync(limit);
Console.WriteLine("both were given both");

static Task<IGroup> JoinAsync(IGroupCommNode node, TaskCompletionSource done)
{
    int apples = 0, pears = 0;
    return node.JoinAsync("stock", g => g.Register<StockChanged>((change, context, ct) =>
    {
        apples += change.Item == "apples" ? change.Left : 0;
        pears += change.Item == "pears" ? change.Left : 0;
        if (apples == 3 && pears == 4)
            done.TrySetResult();
        return ValueTask.CompletedTask;
    }));
}

[GroupMessage("stock-changed", Order = DeliveryOrder.Agreed)]
public sealed record StockChanged(string Item, int Left);
