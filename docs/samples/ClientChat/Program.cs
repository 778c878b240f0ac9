// Chat through a daemon: this program is a member and no node. Its neighbours may be written in any language.
//
//   groupcomm serve --socket /tmp/groupcomm.sock      in a first terminal
//   dotnet run -- unix:/tmp/groupcomm.sock alice      in a second, and again with another name in a third
//
// Lines of the keyboard go to everybody; the end of the input (Ctrl-D) leaves. Python and Node.js have the same program.
using System;
using System.Text;
using System.Threading.Tasks;
using GroupComm;

GroupCommClientOptions options = new() { Endpoints = { args.Length > 0 ? args[0] : "tcp:127.0.0.1:7481" } };
await using GroupCommClient client = await GroupCommClient.ConnectAsync(options);
await using IGroup chat = await client.JoinAsync("chat", g =>
{
    g.Options.MemberName = args.Length > 1 ? args[1] : "csharp";
    g.RegisterBytes((text, context, _) => Print($"{context.Sender?.ToString() ?? "outside"}: {Encoding.UTF8.GetString(text)}"))
        .OnView((view, _) => Print($"-- here: {string.Join(", ", view.Members)}"));
});

while (await Console.In.ReadLineAsync() is { } line)
{
    SendReceipt receipt = await chat.SendBytesAsync(Encoding.UTF8.GetBytes(line), DeliveryOrder.Agreed);
    await receipt.Delivered;
}

static ValueTask Print(string text)
{
    Console.WriteLine(text);
    return ValueTask.CompletedTask;
}
