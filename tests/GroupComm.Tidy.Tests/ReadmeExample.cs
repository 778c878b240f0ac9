using System;
using System.Threading.Tasks;

namespace GroupComm.Tidy.Tests;

/// <summary>
/// The README's example, compiled and not run: what stands between the markers must be the README's first csharp block
/// (ReadmeTests). Compiled as soon as the runtime has GroupCommNode, see the project file.
/// </summary>
internal static class ReadmeExample
{
    internal static async Task RunAsync()
    {
        // readme: begin
        await using IGroupCommNode node = await GroupCommNode.StartAsync(new GroupCommOptions { Cluster = "shop" });
        await using IGroup stock = await node.JoinAsync("stock", g => g
            .Register<StockChanged>((change, context, ct) => Print($"{change.Item}: {change.Left} left"))
            .OnView((view, ct) => Print($"{view.Members.Count} members")));

        SendReceipt receipt = await stock.SendAsync(new StockChanged("apples", 3), DeliveryOrder.Agreed);
        await receipt.Safe; // more than half of the view hold it: it survives
        // readme: end
    }

    private static ValueTask Print(string line)
    {
        Console.WriteLine(line);
        return ValueTask.CompletedTask;
    }
}

// readme: begin
[GroupMessage("stock-changed")]
public sealed record StockChanged(string Item, int Left);
// readme: end
