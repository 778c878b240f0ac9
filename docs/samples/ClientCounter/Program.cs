// A counter that all replicas hold, each a client of a daemon; a late one gets the count by state transfer, one whose daemon was killed
// goes to the next.
//
//   dotnet run -- ENDPOINT[,ENDPOINT…] NAME TIMES      adds one, so many times, and prints what it has then
//
// Python and Node.js have the same program, and count along: a number in decimal is one's share, and the state.
using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using GroupComm;

string name = args.Length > 1 ? args[1] : "csharp";
int times = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 10;
GroupCommClientOptions options = new();
foreach (string endpoint in (args.Length > 0 ? args[0] : "tcp:127.0.0.1:7481").Split(','))
    options.Endpoints.Add(endpoint);

long count = 0;
await using GroupCommClient client = await GroupCommClient.ConnectAsync(options);
await using IGroup counter = await client.JoinAsync("counter", g =>
{
    g.Options.MemberName = name;
    g.RegisterBytes((number, _, _) =>
    {
        count += long.Parse(Encoding.UTF8.GetString(number), CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    });
    g.RegisterState(
        async (output, ct) => await output.WriteAsync(Encoding.UTF8.GetBytes($"{count}"), ct),
        async (input, ct) =>
        {
            using StreamReader reader = new(input);
            count = long.Parse(await reader.ReadToEndAsync(ct), CultureInfo.InvariantCulture);
        });
});

for (int i = 0; i < times; i++)
    await (await counter.SendBytesAsync(Encoding.UTF8.GetBytes("1"), DeliveryOrder.Agreed)).Safe;
await counter.BarrierAsync();
Console.WriteLine($"{name}: {count}");
